package dev.quorate.server.map;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Calls to the leader of a group, wherever it is. Only for calls that may be made twice: an unanswered one is made again. */
public final class GroupCalls {
    private static final long PAUSE_MILLIS = 50;

    private final PeerCalls calls;
    private final MapCopy map;
    /** Where members of the root group were last known to be, for a node that has no map yet. */
    private final Collection<PeerAddress> rootSeeds;

    public GroupCalls(PeerCalls calls, MapCopy map, Collection<PeerAddress> rootSeeds) {
        this.calls = calls;
        this.map = map;
        this.rootSeeds = List.copyOf(rootSeeds);
    }

    /**
     * The leader's answer; when it can't be had in time, a failure of code DEADLINE and effect UNKNOWN.
     *
     * @param attempt how long one member may take to answer before the next one is asked
     */
    public Response callLeader(int groupId, Request request, Duration attempt, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        List<PeerAddress> turn = new ArrayList<>(addresses(groupId));
        String trouble = "no member of group " + groupId + " is known";
        for (int i = 0; ; i++) {
            Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                throw RequestException.of(
                        Error.Code.DEADLINE,
                        Effect.UNKNOWN,
                        "the leader of group " + groupId + " did not answer: " + trouble);
            }
            if (i >= turn.size()) {
                pause();
                turn = new ArrayList<>(addresses(groupId));
                i = -1;
                continue;
            }
            try {
                return calls.call(turn.get(i), request.toBuilder(), left.compareTo(attempt) < 0 ? left : attempt);
            } catch (IOException e) {
                trouble = e.getMessage();
            } catch (RequestException e) {
                trouble = e.getMessage();
                switch (e.error().getCode()) {
                    case NOT_LEADER -> {
                        PeerAddress leader = PeerAddress.of(groupId, e.error().getLeader());
                        if (e.error().hasLeader() && !turn.subList(0, i + 1).contains(leader)) {
                            turn.add(i + 1, leader);
                        }
                    }
                    case NOT_READY, BUSY, DEADLINE -> {}
                    default -> throw e;
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RequestException.of(Error.Code.DEADLINE, Effect.UNKNOWN, "the node is stopping");
        }
    }

    /** The group's members, its leader first as far as known. */
    public Set<PeerAddress> addresses(int groupId) {
        Set<PeerAddress> addresses = new LinkedHashSet<>();
        String leaderId = map.leader(groupId).map(GroupLeader::getMemberId).orElse("");
        List<Member> members = map.members(groupId);
        members.stream()
                .filter(m -> m.getId().equals(leaderId))
                .forEach(m -> addresses.add(PeerAddress.of(groupId, m)));
        members.forEach(m -> addresses.add(PeerAddress.of(groupId, m)));
        if (groupId == MapCopy.ROOT_GROUP) {
            addresses.addAll(rootSeeds);
        }
        return addresses;
    }

    /** All members of all groups, with those whom a node without a map starts from. */
    Set<PeerAddress> everybody() {
        Set<PeerAddress> addresses = new LinkedHashSet<>(rootSeeds);
        map.map().getGroupsList().forEach(group -> addresses.addAll(addresses(group.getId())));
        return addresses;
    }
}
