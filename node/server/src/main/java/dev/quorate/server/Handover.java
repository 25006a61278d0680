package dev.quorate.server;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.server.data.RequestException;
import java.time.Duration;
import java.util.UUID;

/** Handing leadership to another member. */
final class Handover {
    private Handover() {}

    /**
     * Hands leadership to a member, or, for the empty text, to the voter that has most of the log.
     *
     * @return who leads then
     * @throws RequestException as not the leader, for a target that can't lead, or with effect UNKNOWN when nobody took over in time
     */
    static Member toMember(Replica replica, String targetId, Duration timeout) {
        if (!replica.leads()) {
            throw RequestException.notLeader(replica.leader());
        }
        UUID target = targetId.isEmpty()
                ? replica.successor()
                        .orElseThrow(() -> RequestException.of(
                                Error.Code.INVALID,
                                Effect.NOT_APPLIED,
                                "there is no other member to hand leadership to"))
                : voter(replica, targetId);
        boolean toSelf = target.equals(replica.memberId());
        if (!toSelf) {
            try {
                replica.transferLeadership(target, timeout);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Member leader = replica.leader();
        if (leader == null || leader.getId().equals(replica.memberId().toString()) && !toSelf) {
            throw RequestException.of(
                    Error.Code.DEADLINE,
                    Effect.UNKNOWN,
                    "leadership was not taken over in time: is the target reachable?");
        }
        return leader;
    }

    private static UUID voter(Replica replica, String id) {
        BootstrapRules.check(
                BootstrapRules.isUuid(id) && replica.status().membership().isVoter(UUID.fromString(id)),
                id + " is not a voting member of this group");
        return UUID.fromString(id);
    }
}
