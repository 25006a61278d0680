package dev.quorate.raft;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.ReadIndexRequest;
import dev.quorate.raft.Message.ReadIndexResponse;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.TimeoutNow;
import dev.quorate.raft.Message.VoteResponse;

/** What a message means whatever the member's role, and the vote: figure 2, "Rules for Servers" and RequestVote. The role sees the rest. */
final class Receiver {
    private final Raft raft;
    private final Ballot ballot;

    Receiver(Raft raft, Ballot ballot) {
        this.raft = raft;
        this.ballot = ballot;
    }

    void step(Message message) {
        if (!message.to().equals(raft.id())) {
            return;
        }
        if (message instanceof RequestVote request
                && request.term() > ballot.term()
                && raft.role().holdsLease()
                && !request.transfer()) {
            // A member that hears of its leader lets nobody disturb it (end of §6; §4.2.3 of the dissertation).
            return;
        }
        if (message.term() < ballot.term()) {
            answerEarlierTerm(message);
            return;
        }
        if (message.term() > ballot.term() && !isPreVote(message)) {
            // §5.1: a later term turns everybody into a follower.
            boolean fromLeader = message instanceof AppendEntries || message instanceof InstallSnapshot;
            raft.becomeFollower(message.term(), fromLeader ? message.from() : null);
        }
        Role role = raft.role();
        switch (message) {
            case RequestVote request -> onRequestVote(request);
            case VoteResponse response -> role.onVoteResponse(response);
            case AppendEntries append -> role.onAppendEntries(append);
            case AppendResponse response -> role.onAppendResponse(response);
            case InstallSnapshot snapshot -> role.onInstallSnapshot(snapshot);
            case TimeoutNow timeout -> role.onTimeoutNow();
            case ReadIndexRequest request -> role.onReadIndexRequest(request);
            case ReadIndexResponse response -> role.onReadIndexResponse(response);
        }
    }

    /** A pre-vote and its grant speak of a term that nobody is in yet. */
    private static boolean isPreVote(Message message) {
        return switch (message) {
            case RequestVote request -> request.preVote();
            case VoteResponse response -> response.preVote() && response.granted();
            default -> false;
        };
    }

    /**
     * Requests of an earlier term are refused (§5.1). The refusal matters: pre-vote and leases keep a member of a later term from ever being
     * elected against a leader that lives, so it has to tell that leader its term.
     */
    private void answerEarlierTerm(Message message) {
        switch (message) {
            case RequestVote request -> raft.send(voteResponse(request, false));
            case AppendEntries append -> raft.send(termRefusal(append));
            case InstallSnapshot snapshot -> raft.send(termRefusal(snapshot));
            case VoteResponse response -> {}
            case AppendResponse response -> {}
            case TimeoutNow timeout -> {}
            case ReadIndexRequest request ->
                raft.send(new ReadIndexResponse(raft.id(), request.from(), ballot.term(), request.readId(), false, 0));
            case ReadIndexResponse response -> {}
        }
    }

    /**
     * Tells the term and nothing else. The sender may lead again by now, in this term; an echo of its earlier index or read context would then pass
     * for an answer to what it sends now, and could confirm a read that nobody confirmed.
     */
    private AppendResponse termRefusal(Message message) {
        return new AppendResponse(raft.id(), message.from(), ballot.term(), false, 0, 0, 0, 0);
    }

    /**
     * RequestVote, receiver's rule 2 (figure 2): one vote a term, and only for a log at least as up-to-date (§5.2, §5.4.1). Whether the candidate is
     * a member does not matter: this member's configuration may be older than the candidate's (§6).
     */
    private void onRequestVote(RequestVote request) {
        boolean free = request.preVote()
                ? request.term() > ballot.term()
                : request.from().equals(ballot.votedFor())
                        || (ballot.votedFor() == null && raft.role().leader() == null);
        boolean granted = free && raft.log().isUpToDate(request.lastLogIndex(), request.lastLogTerm());
        VoteResponse response = voteResponse(request, granted);
        if (granted && !request.preVote()) {
            ballot.voteFor(request.from());
            raft.role().onVoteGranted(request);
            raft.sendAfterPersist(response);
            return;
        }
        raft.send(response);
        if (granted) {
            raft.role().onPreVoteGranted(request);
        }
    }

    private VoteResponse voteResponse(RequestVote request, boolean granted) {
        long answeredTerm = granted ? request.term() : ballot.term();
        return new VoteResponse(raft.id(), request.from(), answeredTerm, granted, request.preVote());
    }
}
