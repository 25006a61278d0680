package dev.quorate.server;

import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipProposal;
import dev.quorate.raft.RaftStatus;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.JoinGroup;
import dev.quorate.server.proto.Ping;
import dev.quorate.server.proto.Request;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerCalls;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.PutMember;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One change of this group's members, at its leader's: in effect for good on return. What stands in the way for a moment (another change, a learner
 * that is nearly there) is waited for; then the caller is told to ask again. What is so already is accepted.
 */
final class MembershipChange {
    private static final Logger LOG = LoggerFactory.getLogger(MembershipChange.class);
    private static final int MEMBERS_MAX = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Replica replica;
    private final PeerCalls calls;
    /** What a member that joins has to know. */
    private final JoinGroup.Builder invitation;

    private final Duration timeout;
    private final long patienceEndsNanos = System.nanoTime() + PATIENCE.toNanos();

    MembershipChange(Replica replica, PeerCalls calls, JoinGroup.Builder invitation, Duration timeout) {
        this.replica = replica;
        this.calls = calls;
        this.invitation = invitation;
        this.timeout = timeout;
    }

    /** @throws RequestException that says whether the change took effect, and what to do */
    ChangeMembersResponse carryOut(ChangeMembersRequest request) {
        if (!replica.leads()) {
            throw RequestException.notLeader(replica.leader());
        }
        boolean already = switch (request.getChangeCase()) {
            case ADD -> add(request.getAdd());
            case PROMOTE ->
                promote(id(request.getPromote().getId()), request.getPromote().getReplacesId());
            case REMOVE -> remove(request.getRemove());
            case SET_VOTERS ->
                setVoters(
                        ids(request.getSetVoters().getIdsList()),
                        ids(request.getSetVoters().getFromIdsList()));
            case CHANGE_NOT_SET -> throw invalid("the request names no change that this version knows");
        };
        ChangeMembersResponse.Builder response =
                ChangeMembersResponse.newBuilder().setAlready(already);
        membership().voters().forEach(id -> response.addVoterIds(id.toString()));
        membership().learners().forEach(id -> response.addLearnerIds(id.toString()));
        return response.build();
    }

    private Membership membership() {
        return replica.status().membership();
    }

    private boolean add(Member member) {
        BootstrapRules.checkMembers(List.of(member));
        if (replica.members().isRemoved(member.getId())) {
            throw RequestException.of(
                    Error.Code.REMOVED,
                    Effect.NOT_APPLIED,
                    "member " + member.getId() + " was removed from this group for good: start its node again, then"
                            + " add the new member that it makes of itself");
        }
        boolean already = membership().members().contains(id(member.getId()));
        if (!already) {
            BootstrapRules.check(
                    membership().members().size() < MEMBERS_MAX, "a group has at most " + MEMBERS_MAX + " members");
            invite(member);
        }
        if (!member.equals(replica.members().find(id(member.getId())))) {
            // Before the change that names it: whoever hears of the member then knows where it is.
            replica.commands()
                    .execute(
                            Command.newBuilder()
                                    .setPutMember(PutMember.newBuilder().setMember(member))
                                    .build(),
                            timeout);
        }
        return already
                || propose(now -> {
                    Set<UUID> learners = new HashSet<>(now.learners());
                    if (!now.isVoter(id(member.getId()))) {
                        learners.add(id(member.getId()));
                    }
                    return Membership.of(now.voters(), learners);
                });
    }

    private void invite(Member member) {
        PeerAddress address = PeerAddress.of(replica.groupId(), member);
        try {
            calls.call(
                    address,
                    Request.newBuilder().setJoinGroup(invitation.clone().setMemberId(member.getId())),
                    timeout);
        } catch (IOException e) {
            throw RequestException.of(
                    Error.Code.NOT_READY,
                    Effect.NOT_APPLIED,
                    "the new member can't be reached, so it was not added: " + e.getMessage());
        }
    }

    private boolean promote(UUID id, String replacesId) {
        Membership before = membership();
        BootstrapRules.check(
                before.members().contains(id), "member " + id + " is not in this group: add it as a learner first");
        Set<UUID> leaves = replacesId.isEmpty() ? Set.of() : Set.of(id(replacesId));
        BootstrapRules.check(!leaves.contains(id), "a member can't replace itself");
        return propose(now ->
                Membership.of(without(with(now.voters(), id), leaves), without(now.learners(), with(leaves, id))));
    }

    private boolean setVoters(Set<UUID> voters, Set<UUID> from) {
        Set<UUID> strangers = without(voters, membership().members());
        BootstrapRules.check(
                strangers.isEmpty(), "not in this group: " + strangers + "; a member is added as a learner first");
        return propose(now -> {
            BootstrapRules.check(
                    now.voters().equals(from) || now.voters().equals(voters),
                    "the voters are others by now: " + names(now.voters()));
            return Membership.of(voters, without(now.learners(), voters));
        });
    }

    private boolean remove(String memberId) {
        Set<UUID> leaves = Set.of(id(memberId));
        return propose(now -> Membership.of(without(now.voters(), leaves), without(now.learners(), leaves)));
    }

    private static Set<UUID> with(Set<UUID> ids, UUID id) {
        Set<UUID> more = new HashSet<>(ids);
        more.add(id);
        return more;
    }

    private static Set<UUID> without(Set<UUID> ids, Set<UUID> leave) {
        return ids.stream().filter(id -> !leave.contains(id)).collect(Collectors.toSet());
    }

    private interface Target {
        Membership from(Membership now);
    }

    /** True when there was nothing to change. */
    private boolean propose(Target change) {
        while (true) {
            Membership target = change.from(membership());
            BootstrapRules.check(!target.voters().isEmpty(), "the last voting member of a group can't leave it");
            if (!target.isVoter(replica.memberId())) {
                // Handed over first: the group is then never without a leader that takes writes.
                throw RequestException.notLeader(Handover.toMember(replica, "", timeout));
            }
            Set<UUID> silent = silentUnderMajority(target);
            MembershipProposal answer = silent.isEmpty() ? answerTo(target) : null;
            switch (answer) {
                case MembershipProposal.Accepted _ -> {
                    awaitApplied(target);
                    return false;
                }
                case MembershipProposal.Unchanged() -> {
                    return true;
                }
                case MembershipProposal.NotLeader _ -> throw RequestException.notLeader(replica.leader());
                case MembershipProposal.NotCaughtUp(Set<UUID> members) ->
                    pause(Error.Code.NOT_CAUGHT_UP, "still behind with the log: " + names(members));
                case MembershipProposal.ChangeInProgress() ->
                    pause(Error.Code.BUSY, "another change of the members is under way");
                case MembershipProposal.Busy() -> pause(Error.Code.BUSY, "the leader is new or hands over");
                case null ->
                    pause(
                            Error.Code.NOT_READY,
                            "the group would be without a majority, since these do not answer: " + names(silent));
            }
        }
    }

    /**
     * Those voters of the target that do not answer, if there are too many of them; else nobody. They are asked, since what the core knows of them may be
     * some time-outs old.
     */
    private Set<UUID> silentUnderMajority(Membership target) {
        Set<UUID> silent = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (UUID voter : target.voters()) {
                if (!voter.equals(replica.memberId())) {
                    threads.execute(() -> {
                        if (!answers(voter)) {
                            silent.add(voter);
                        }
                    });
                }
            }
        }
        return 2 * silent.size() < target.voters().size() ? Set.of() : silent;
    }

    private boolean answers(UUID voter) {
        Member member = replica.members().find(voter);
        try {
            if (member != null) {
                calls.call(
                        PeerAddress.of(replica.groupId(), member),
                        Request.newBuilder().setPing(Ping.newBuilder().setMemberId(voter.toString())),
                        PING_TIMEOUT);
                return true;
            }
        } catch (IOException | RequestException e) {
            LOG.debug("event=member_silent member={} reason=\"{}\"", member.getName(), e.getMessage());
        }
        return false;
    }

    private MembershipProposal answerTo(Membership target) {
        try {
            return replica.proposeMembership(target).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw invalid(e.getCause().getMessage());
        } catch (TimeoutException e) {
            throw RequestException.of(Error.Code.DEADLINE, Effect.UNKNOWN, "the member did not answer in time");
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void awaitApplied(Membership target) {
        try {
            replica.await(
                    status -> replica.appliedMembership().equals(target) || status.role() != RaftStatus.Role.LEADER,
                    timeout);
        } catch (InterruptedException e) {
            throw interrupted();
        }
        if (!replica.appliedMembership().equals(target)) {
            throw RequestException.of(
                    Error.Code.DEADLINE,
                    Effect.UNKNOWN,
                    "the change of the members was begun, but is not known to be done: ask again");
        }
        LOG.info(
                "event=members_changed group={} voters=\"{}\" learners=\"{}\"",
                replica.groupId(),
                names(target.voters()),
                names(target.learners()));
    }

    private void pause(Error.Code code, String obstacle) {
        if (System.nanoTime() - patienceEndsNanos >= 0) {
            throw RequestException.of(code, Effect.NOT_APPLIED, obstacle + ": ask again later");
        }
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private String names(Set<UUID> ids) {
        return ids.stream().map(id -> replica.members().name(id)).sorted().collect(Collectors.joining(" "));
    }

    private static UUID id(String id) {
        BootstrapRules.check(BootstrapRules.isUuid(id), "a member's id is a UUID, not \"" + id + "\"");
        return UUID.fromString(id);
    }

    private static Set<UUID> ids(List<String> ids) {
        return ids.stream().map(MembershipChange::id).collect(Collectors.toSet());
    }

    private static RequestException invalid(String message) {
        return RequestException.of(Error.Code.INVALID, Effect.NOT_APPLIED, message);
    }

    private static RequestException interrupted() {
        Thread.currentThread().interrupt();
        return RequestException.of(Error.Code.NOT_READY, Effect.UNKNOWN, "the node is stopping");
    }
}
