package dev.quorate.server;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GetMapResponse;
import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import dev.quorate.raft.Message;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.map.MapCopy;
import dev.quorate.server.proto.Done;
import dev.quorate.server.proto.JoinGroup;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;
import dev.quorate.server.proto.ShardDigest;
import dev.quorate.server.proto.WatchMap;
import dev.quorate.server.transport.PeerHandler;
import dev.quorate.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What this node answers other nodes. */
final class PeerService implements PeerHandler {
    private final MapCopy map;
    /** Null while the group is not bootstrapped. */
    private final Supplier<Replica> replica;

    private final Consumer<JoinGroup> join;

    PeerService(MapCopy map, Supplier<Replica> replica, Consumer<JoinGroup> join) {
        this.map = map;
        this.replica = replica;
        this.join = join;
    }

    @Override
    public void receive(Message message) {
        Replica current = replica.get();
        if (current != null) {
            current.receive(message);
        }
    }

    @Override
    public boolean isRemoved(String memberId) {
        Replica current = replica.get();
        return current != null && current.members().isRemoved(memberId);
    }

    @Override
    public Response answer(Request request) {
        if (request.hasJoinGroup()) {
            join.accept(request.getJoinGroup());
            return Response.newBuilder().setDone(Done.getDefaultInstance()).build();
        }
        Replica current = replica.get();
        if (current == null) {
            throw RequestException.of(Error.Code.NOT_READY, Effect.NOT_APPLIED, "this node is not part of a group yet");
        }
        try {
            return answer(current, request, Duration.ofMillis(request.getTimeoutMillis()));
        } catch (RequestException e) {
            throw naming(current.leader(), e);
        } catch (IOException | StoreException e) {
            throw RequestException.of(Error.Code.INTERNAL, Effect.UNKNOWN, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RequestException.of(Error.Code.NOT_READY, Effect.UNKNOWN, "this node is stopping");
        }
    }

    private Response answer(Replica current, Request request, Duration timeout)
            throws IOException, InterruptedException {
        Response.Builder response = Response.newBuilder();
        switch (request.getCallCase()) {
            case WATCH_MAP -> response.setMap(watch(request.getWatchMap()));
            case READ_MAP -> {
                requireRoot(current);
                map.offer(current.root().readMap(timeout));
                response.setMap(mapAsKnown());
            }
            case CHANGE_MAP -> {
                requireRoot(current);
                response.setMapChange(current.root().change(request.getChangeMap(), timeout));
            }
            case REPORT_LEADER -> {
                map.offerLeaders(List.of(request.getReportLeader().getLeader()));
                response.setDone(Done.getDefaultInstance());
            }
            case PING -> {
                requireMember(current, request.getPing().getMemberId());
                response.setDone(Done.getDefaultInstance());
            }
            case READ_DIGEST -> {
                requireMember(current, request.getReadDigest().getMemberId());
                response.setDigest(digest(current, request.getReadDigest().getIndex(), timeout));
            }
            case COMPARE_REPLICAS -> {
                current.scrubber().compare(request.getCompareReplicas().getShard(), timeout);
                response.setDone(Done.getDefaultInstance());
            }
            case EXPORT_CHUNK -> response.setChunk(current.export().chunk(request.getExportChunk(), timeout));
            case OFFER_SNAPSHOT ->
                response.setSnapshotPosition(current.snapshots().offer(request.getOfferSnapshot()));
            case SNAPSHOT_CHUNK ->
                response.setSnapshotPosition(current.snapshots().chunk(request.getSnapshotChunk()));
            case SEND_SNAPSHOT -> response.setSnapshotErrand(current.courier().run(request.getSendSnapshot()));
            case FINISH_SNAPSHOT -> {
                current.snapshots().finish(request.getFinishSnapshot().getTransfer());
                response.setDone(Done.getDefaultInstance());
            }
            case JOIN_GROUP, CALL_NOT_SET ->
                throw RequestException.of(
                        Error.Code.INVALID, Effect.NOT_APPLIED, "this node does not know such a call");
        }
        return response.build();
    }

    private static void requireMember(Replica current, String id) {
        BootstrapRules.check(id.equals(current.memberId().toString()), "member " + id + " is not here");
    }

    private static ShardDigest digest(Replica current, long index, Duration timeout) {
        return current.scrubber()
                .await(index, timeout)
                .map(result -> ShardDigest.newBuilder()
                        .setDigest(result.digest())
                        .setDamage(result.damage() == null ? "" : result.damage())
                        .build())
                .orElseThrow(() -> RequestException.of(
                        Error.Code.DEADLINE, Effect.NOT_APPLIED, "no digest was taken at index " + index));
    }

    private GetMapResponse watch(WatchMap watch) throws InterruptedException {
        map.offerLeaders(watch.getKnownLeadersList());
        map.awaitNews(watch.getKnownEpoch(), watch.getKnownLeadersList(), Duration.ofMillis(watch.getWaitMillis()));
        ShardMap known = map.map();
        GetMapResponse.Builder news = GetMapResponse.newBuilder().addAllLeaders(map.leaders());
        return known.getEpoch() > watch.getKnownEpoch() ? news.setMap(known).build() : news.build();
    }

    private GetMapResponse mapAsKnown() {
        return GetMapResponse.newBuilder()
                .setMap(map.map())
                .addAllLeaders(map.leaders())
                .build();
    }

    private static void requireRoot(Replica current) {
        if (!current.isRoot()) {
            throw RequestException.of(
                    Error.Code.INVALID,
                    Effect.NOT_APPLIED,
                    "only group " + MapCopy.ROOT_GROUP + " keeps the shard map");
        }
    }

    /** An answer of "not the leader" names the leader as far as it is known. */
    static RequestException naming(Member leader, RequestException e) {
        boolean nameless =
                e.error().getCode() == Error.Code.NOT_LEADER && !e.error().hasLeader();
        return nameless && leader != null
                ? new RequestException(e.error().toBuilder().setLeader(leader).build())
                : e;
    }
}
