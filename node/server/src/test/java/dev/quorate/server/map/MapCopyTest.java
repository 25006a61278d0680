package dev.quorate.server.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MapCopyTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private final MapCopy copy = new MapCopy(ShardMap.getDefaultInstance());

    private static ShardMap map(long epoch) {
        return ShardMap.newBuilder()
                .setEpoch(epoch)
                .addGroups(Group.newBuilder()
                        .setId(2)
                        .addMembers(Member.newBuilder().setId("a"))
                        .addMembers(Member.newBuilder().setId("b")))
                .build();
    }

    private static GroupLeader leader(String member, long term) {
        return GroupLeader.newBuilder()
                .setGroupId(2)
                .setMemberId(member)
                .setTerm(term)
                .build();
    }

    @Test
    void onlyMovesForward() {
        AtomicInteger news = new AtomicInteger();
        copy.listen(news::incrementAndGet);
        copy.offer(map(3));
        copy.offer(map(2));
        copy.offer(map(3));
        assertThat(copy.map().getEpoch()).isEqualTo(3);
        copy.offerLeaders(List.of(leader("b", 5)));
        copy.offerLeaders(List.of(leader("a", 4)));
        assertThat(copy.leaders()).containsExactly(leader("b", 5));
        assertThat(news).hasValue(2);
    }

    @Test
    void theContactOfAGroupIsItsLeaderElseAnyMemberElseNobody() {
        assertThat(copy.contact(2)).isNull();
        copy.offer(map(1));
        assertThat(copy.contact(2).getId()).isEqualTo("a");
        copy.offerLeaders(List.of(leader("b", 1)));
        assertThat(copy.contact(2).getId()).isEqualTo("b");
    }

    /** Somebody who has not heard of the removal would bring it back, and so on for ever. */
    @Test
    void theLeaderOfARemovedGroupIsForgottenAndNotHeardOfAgain() throws Exception {
        copy.offer(map(3));
        copy.offerLeaders(List.of(leader("b", 5)));
        MapCopy behind = new MapCopy(copy.map());
        behind.offerLeaders(copy.leaders());
        copy.offer(ShardMap.newBuilder().setEpoch(4).setNextGroupId(3).build());
        assertThat(copy.leaders()).isEmpty();
        copy.offerLeaders(behind.leaders());
        assertThat(copy.leaders()).isEmpty();

        long startNanos = System.nanoTime();
        behind.awaitNews(4, copy.leaders(), Duration.ofMillis(50));
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(49_000_000);
    }

    @Test
    void whoIsBehindIsAnsweredAtOnce() throws Exception {
        copy.offer(map(3));
        copy.offerLeaders(List.of(leader("b", 5)));
        copy.awaitNews(2, List.of(leader("b", 5)), LONG);
        copy.awaitNews(3, List.of(), LONG);
        copy.awaitNews(3, List.of(leader("a", 4)), LONG);
    }

    @Test
    void whoKnowsAsMuchOrMoreWaitsForNews() throws Exception {
        copy.offer(map(3));
        copy.offerLeaders(List.of(leader("b", 5)));
        long startNanos = System.nanoTime();
        copy.awaitNews(3, List.of(leader("a", 6)), Duration.ofMillis(50));
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(49_000_000);

        Thread later = Thread.ofVirtual().start(() -> copy.offer(map(4)));
        copy.awaitNews(3, List.of(leader("b", 5)), LONG);
        assertThat(copy.map().getEpoch()).isEqualTo(4);
        later.join();
    }
}
