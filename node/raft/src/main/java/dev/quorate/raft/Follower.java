package dev.quorate.raft;

import static dev.quorate.raft.InvariantViolation.check;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.ReadIndexResponse;
import dev.quorate.raft.Message.RequestVote;
import java.util.UUID;

/** Answers leaders and candidates (§5.2); campaigns when it hears of none. */
final class Follower extends Role {
    private final int electionTimeoutTicks;
    private final ForwardedReads reads;
    private UUID leader;
    private int ticksSinceContact;
    /** Ticks without contact after which the member campaigns. */
    private int patienceTicks;
    /** The connection to the leader broke, and nothing came from it since. */
    private boolean leaderInDoubt;

    private UUID heir;

    Follower(Raft raft, UUID leader) {
        super(raft);
        this.leader = leader;
        this.electionTimeoutTicks = raft.randomElectionTicks();
        this.patienceTicks = electionTimeoutTicks;
        this.reads = new ForwardedReads(raft);
    }

    @Override
    RaftStatus.Role name() {
        return RaftStatus.Role.FOLLOWER;
    }

    /** Nobody is sent to a leader that is in doubt: who asks had better wait for the next one, or for this one's next heartbeat. */
    @Override
    UUID leader() {
        return leaderInDoubt ? null : leader;
    }

    @Override
    UUID heir() {
        return heir;
    }

    @Override
    boolean holdsLease() {
        return leader != null
                && !leaderInDoubt
                && ticksSinceContact < raft.config().electionTicks();
    }

    @Override
    void tick() {
        ticksSinceContact++;
        reads.tick(leader);
        if (ticksSinceContact >= raft.config().heartbeatTicks()) {
            heir = null; // it would have been heard of
        }
        if (ticksSinceContact >= patienceTicks) {
            // A member that may not campaign stays a follower, but of nobody: it must not keep a silent leader's lease.
            follow(null);
            reads.loseAll();
            raft.campaign();
        }
    }

    @Override
    int ticksUntilAction() {
        if (reads.areAsked()) {
            return 1;
        }
        int patience = heir == null
                ? patienceTicks
                : Math.min(patienceTicks, raft.config().heartbeatTicks());
        return patience - ticksSinceContact;
    }

    private void follow(UUID newLeader) {
        leader = newLeader;
        ticksSinceContact = 0;
        patienceTicks = electionTimeoutTicks;
        leaderInDoubt = false;
        heir = null;
    }

    /**
     * A leader that lives is heard of within a heartbeat's time, by another connection if need be: the member waits for that long, and a little more that
     * differs from member to member, instead of a whole election timeout. It asks by a pre-vote, so it disturbs nobody who hears the leader.
     */
    @Override
    void onConnectionLost(UUID peer) {
        if (peer.equals(heir)) {
            heir = null;
        }
        if (peer.equals(leader) && !leaderInDoubt) {
            leaderInDoubt = true;
            int heartbeatTicks = raft.config().heartbeatTicks();
            int doubtTicks = heartbeatTicks + 1 + raft.randomTicks(heartbeatTicks + 1);
            patienceTicks = Math.min(patienceTicks, ticksSinceContact + doubtTicks);
        }
    }

    @Override
    boolean readIndexThroughLeader(long requestId) {
        return leader != null && reads.add(requestId);
    }

    @Override
    void onReadIndexResponse(ReadIndexResponse message) {
        reads.answered(message);
    }

    @Override
    boolean needsFlush() {
        return reads.hasOpen();
    }

    @Override
    void flush() {
        reads.ask(leader);
    }

    @Override
    void leave() {
        reads.loseAll();
    }

    @Override
    void onVoteGranted(RequestVote request) {
        ticksSinceContact = 0;
        heir = request.transfer() ? request.from() : null;
    }

    @Override
    void onTimeoutNow() {
        raft.campaignForTransfer();
    }

    /** AppendEntries, receiver's rules 2 to 5 (figure 2). */
    @Override
    void onAppendEntries(AppendEntries message) {
        heardFrom(message.from());
        RaftLog log = raft.log();
        if (message.prevLogIndex() < log.commitIndex()) {
            // Late or repeated. What is committed is the same everywhere (§5.4), so it matches without a look.
            acknowledge(message, log.commitIndex());
        } else if (log.matches(message.prevLogIndex(), message.prevLogTerm())) {
            long lastNewIndex = message.prevLogIndex() + message.entries().size();
            log.merge(message.entries());
            log.commitTo(Math.min(message.leaderCommit(), lastNewIndex));
            acknowledge(message, lastNewIndex);
        } else {
            refuse(message);
        }
    }

    /** InstallSnapshot, receiver's rules (figure 13). */
    @Override
    void onInstallSnapshot(InstallSnapshot message) {
        heardFrom(message.from());
        RaftLog log = raft.log();
        SnapshotMeta snapshot = message.snapshot();
        if (snapshot.index() > log.commitIndex()) {
            if (log.matches(snapshot.index(), snapshot.term())) {
                // Rule 6: the log has all the snapshot has; what follows in it is kept.
                log.commitTo(snapshot.index());
            } else {
                log.restore(snapshot);
            }
        }
        raft.sendAfterPersist(acknowledgement(message.from(), log.commitIndex(), 0));
    }

    private void heardFrom(UUID sender) {
        check(leader == null || leader.equals(sender), "two leaders in one term");
        follow(sender);
    }

    /**
     * Says how far the log matches. What is durable of it is said at once, where that is of use: a heartbeat or a read must not wait for the disk.
     * The rest is said once it is written (figure 2: persistent state is updated before responding).
     */
    private void acknowledge(AppendEntries message, long matchIndex) {
        long stableIndex = raft.log().stableIndex();
        if (!raft.hardStateIsDurable()) {
            raft.sendAfterPersist(acknowledgement(message.from(), matchIndex, message.readContext()));
            return;
        }
        boolean brought = !message.entries().isEmpty() && matchIndex > stableIndex;
        if (!brought || message.readContext() != 0) {
            raft.send(acknowledgement(message.from(), Math.min(matchIndex, stableIndex), message.readContext()));
        }
        if (brought) {
            raft.sendAfterPersist(acknowledgement(message.from(), matchIndex, 0));
        }
    }

    private AppendResponse acknowledgement(UUID leader, long matchIndex, long readContext) {
        return new AppendResponse(raft.id(), leader, raft.term(), true, matchIndex, 0, 0, readContext);
    }

    /** The refusal says where the logs may agree, so that the leader skips whole terms instead of single entries (end of §5.3). */
    private void refuse(AppendEntries message) {
        RaftLog log = raft.log();
        check(
                message.prevLogIndex() > log.commitIndex(),
                "the leader lacks a committed entry",
                message.prevLogIndex(),
                log.commitIndex());
        long hintIndex = log.lastIndexNotAbove(message.prevLogIndex(), message.prevLogTerm());
        check(hintIndex >= log.commitIndex(), "the leader lacks a committed entry", hintIndex, log.commitIndex());
        raft.send(new AppendResponse(
                raft.id(),
                message.from(),
                raft.term(),
                false,
                message.prevLogIndex(),
                hintIndex,
                log.term(hintIndex),
                message.readContext()));
    }
}
