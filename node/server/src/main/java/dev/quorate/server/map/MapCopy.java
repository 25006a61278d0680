package dev.quorate.server.map;

import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * The newest shard map this node has seen, and hints of who leads each group. Only ever moves forward: to higher epochs and terms. A hint of a group that
 * was removed is forgotten, and not taken again from those who have not heard of it yet.
 */
public final class MapCopy {
    public static final int ROOT_GROUP = 1;

    private final Map<Integer, GroupLeader> leaders = new ConcurrentSkipListMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile ShardMap map;

    public MapCopy(ShardMap remembered) {
        this.map = remembered;
    }

    /** Epoch 0 while there is none. */
    public ShardMap map() {
        return map;
    }

    /** Called after the map or a hint became newer, by whoever brought the news: must be quick. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    public void offer(ShardMap newer) {
        synchronized (this) {
            if (newer.getEpoch() <= map.getEpoch()) {
                return;
            }
            map = newer;
            leaders.keySet().removeIf(this::wasRemoved);
            notifyAll();
        }
        listeners.forEach(Runnable::run);
    }

    public void offerLeaders(Collection<GroupLeader> hints) {
        boolean news = false;
        synchronized (this) {
            for (GroupLeader hint : hints) {
                GroupLeader known = leaders.get(hint.getGroupId());
                boolean newer = known == null || hint.getTerm() > known.getTerm();
                if (newer && !wasRemoved(hint.getGroupId())) {
                    leaders.put(hint.getGroupId(), hint);
                    news = true;
                }
            }
            if (news) {
                notifyAll();
            }
        }
        if (news) {
            listeners.forEach(Runnable::run);
        }
    }

    public List<GroupLeader> leaders() {
        return List.copyOf(leaders.values());
    }

    public Optional<GroupLeader> leader(int groupId) {
        return Optional.ofNullable(leaders.get(groupId));
    }

    public Optional<Group> group(int groupId) {
        return map.getGroupsList().stream().filter(g -> g.getId() == groupId).findFirst();
    }

    /** Ids only go up: one that the map has given out and does not have any more is gone for good. */
    private boolean wasRemoved(int groupId) {
        return groupId < map.getNextGroupId() && group(groupId).isEmpty();
    }

    public List<Member> members(int groupId) {
        return group(groupId).map(Group::getMembersList).orElse(List.of());
    }

    /** The group's leader as far as known, else one of its members; null when none is known. */
    public Member contact(int groupId) {
        List<Member> members = members(groupId);
        String leaderId = leader(groupId).map(GroupLeader::getMemberId).orElse("");
        for (Member member : members) {
            if (member.getId().equals(leaderId)) {
                return member;
            }
        }
        return members.isEmpty() ? null : members.getFirst();
    }

    /** Who has a newer map than this one knows better which groups there are: of others it is not told. */
    private boolean hasLeaderNewerThan(Map<Integer, Long> terms, long knownEpoch) {
        long termOfOthers = map.getEpoch() < knownEpoch ? Long.MAX_VALUE : 0;
        return leaders.values().stream()
                .anyMatch(leader -> leader.getTerm() > terms.getOrDefault(leader.getGroupId(), termOfOthers));
    }

    /** Waits until the map or a hint is newer than what the caller knows, at most so long. */
    public synchronized void awaitNews(long knownEpoch, Collection<GroupLeader> knownLeaders, Duration timeout)
            throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        Map<Integer, Long> knownTerms = knownLeaders.stream()
                .collect(Collectors.toMap(GroupLeader::getGroupId, GroupLeader::getTerm, Math::max));
        while (map.getEpoch() <= knownEpoch && !hasLeaderNewerThan(knownTerms, knownEpoch)) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return;
            }
            wait(leftMillis);
        }
    }
}
