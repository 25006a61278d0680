package dev.quorate.server.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.GetMapResponse;
import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;
import dev.quorate.server.transport.PeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MapWatcherTest {
    private static final int SILENT = 1;
    private static final int FOLLOWER = 2;
    private static final GroupLeader OLD = leader(1, "m" + SILENT, 5);
    private static final GroupLeader NEW = leader(1, "m" + FOLLOWER, 6);

    private final MapCopy copy = new MapCopy(ShardMap.getDefaultInstance());
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final BlockingQueue<GetMapResponse> news = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> reported = new LinkedBlockingQueue<>();
    private final GroupCalls groups = new GroupCalls(null, copy, List.of());
    private final MapWatcher watcher =
            new MapWatcher("test", this::answer, groups, copy, new PeerAddress(2, "127.0.0.1", 9));

    private static GroupLeader leader(int group, String member, long term) {
        return GroupLeader.newBuilder()
                .setGroupId(group)
                .setMemberId(member)
                .setTerm(term)
                .build();
    }

    private static Member member(int number) {
        return Member.newBuilder()
                .setId("m" + number)
                .setHost("127.0.0.1")
                .setPeerPort(number)
                .build();
    }

    /** The first member of the root group, its leader, takes every call and never answers. */
    private Response answer(PeerAddress address, Request.Builder request, Duration timeout) throws IOException {
        try {
            if (address.port() == SILENT) {
                asked.countDown();
                end.await();
            }
            if (request.hasReportLeader()) {
                reported.add(address.port());
                return Response.getDefaultInstance();
            }
            return Response.newBuilder().setMap(news.take()).build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void start() throws InterruptedException {
        copy.offer(ShardMap.newBuilder()
                .setEpoch(1)
                .addGroups(
                        Group.newBuilder().setId(1).addMembers(member(SILENT)).addMembers(member(FOLLOWER)))
                .build());
        copy.offerLeaders(List.of(OLD));
        watcher.start();
        asked.await();
    }

    @AfterEach
    void stop() {
        watcher.close();
        end.countDown();
    }

    @Test
    void aLeaderOfTheRootGroupThatDoesNotAnswerIsNotWaitedFor() throws InterruptedException {
        start();
        CountDownLatch heard = new CountDownLatch(1);
        copy.listen(heard::countDown);
        news.add(GetMapResponse.newBuilder().addLeaders(NEW).build());
        heard.await();
        assertThat(copy.leader(1)).contains(NEW);
    }

    @Test
    void aNewLeaderTellsThoseWhoAnswerBesideWhoDoesNot() throws InterruptedException {
        start();
        watcher.report(leader(2, "m9", 3));
        assertThat(reported.take()).isEqualTo(FOLLOWER);
    }
}
