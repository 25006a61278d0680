package dev.quorate.client;

import dev.quorate.api.AdminGrpc;
import dev.quorate.api.BeginGenerationRequest;
import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.BootstrapResponse;
import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersResponse;
import dev.quorate.api.CompareReplicasRequest;
import dev.quorate.api.CompareReplicasResponse;
import dev.quorate.api.DescribeRequest;
import dev.quorate.api.Error;
import dev.quorate.api.GetMapRequest;
import dev.quorate.api.GetMapResponse;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.PeerFault;
import dev.quorate.api.SetNetworkFaultsRequest;
import dev.quorate.api.SettleShardsRequest;
import dev.quorate.api.TransferLeadershipRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Administers one node. Calls block until answered or timed out, and throw {@link QuorateException}. Safe for many threads. */
public final class AdminClient implements AutoCloseable {
    /** Every call carries {@code Bearer <token>} in it. */
    public static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Endpoint endpoint;
    private final ManagedChannel channel;
    private final AdminGrpc.AdminBlockingStub stub;
    private final long timeoutMillis;

    /**
     * Connects at the first call.
     *
     * @param endpoint the node's admin address
     * @param token the cluster's
     * @param timeout of each call
     */
    public AdminClient(Endpoint endpoint, String token, Duration timeout) {
        this.endpoint = endpoint;
        this.timeoutMillis = timeout.toMillis();
        this.channel = Grpc.newChannelBuilderForAddress(
                        endpoint.host(), endpoint.port(), InsecureChannelCredentials.create())
                .build();
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        this.stub =
                AdminGrpc.newBlockingStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public NodeDescription describe() {
        return call(timeoutMillis, admin -> admin.describe(DescribeRequest.getDefaultInstance()));
    }

    /** Makes empty nodes a group; the same request again is accepted. */
    public BootstrapResponse bootstrap(BootstrapRequest request) {
        return call(timeoutMillis, admin -> admin.bootstrap(request));
    }

    /** The shard map: this node's copy, or (linearizable) the root group's own, from its leader only. */
    public GetMapResponse map(boolean linearizable) {
        return map(linearizable, timeoutMillis);
    }

    GetMapResponse map(boolean linearizable, long timeoutMillis) {
        GetMapRequest request =
                GetMapRequest.newBuilder().setLinearizable(linearizable).build();
        return call(timeoutMillis, admin -> admin.getMap(request));
    }

    /** Changes the shard map; the root group's leader only. A refusal is a result, not an exception. */
    public MapChangeResult change(MapChange change) {
        return change(change, timeoutMillis);
    }

    MapChangeResult change(MapChange change, long timeoutMillis) {
        return call(timeoutMillis, admin -> admin.changeMap(change));
    }

    /** Adds members to the node's group, gives them votes or removes them; the leader only. In effect on return; what is so already is accepted. */
    public ChangeMembersResponse changeMembers(ChangeMembersRequest request) {
        return call(timeoutMillis, admin -> admin.changeMembers(request));
    }

    /** Compares the replicas of a shard of the node's group now; the leader only. */
    public CompareReplicasResponse compareReplicas(int shard) {
        CompareReplicasRequest request =
                CompareReplicasRequest.newBuilder().setShard(shard).build();
        return call(timeoutMillis, admin -> admin.compareReplicas(request));
    }

    /** Makes moves of ids up to this void in the node's group; the leader only. Describes the node after that. */
    public NodeDescription beginGeneration(long generation) {
        BeginGenerationRequest request =
                BeginGenerationRequest.newBuilder().setGeneration(generation).build();
        return call(timeoutMillis, admin -> admin.beginGeneration(request));
    }

    /** Says what becomes of shards that were on the move when the map was lost; the leader only. Answers how many were otherwise before. */
    public int settleShards(SettleShardsRequest request) {
        return call(timeoutMillis, admin -> admin.settleShards(request)).getChanged();
    }

    /**
     * Hands leadership to another member of the group; the leader only.
     *
     * @param targetId the member's UUID; empty for the most caught-up follower
     * @return the new leader's UUID
     */
    public String transferLeadership(String targetId) {
        TransferLeadershipRequest request =
                TransferLeadershipRequest.newBuilder().setTargetId(targetId).build();
        return call(timeoutMillis, admin -> admin.transferLeadership(request)).getLeaderId();
    }

    /** From now on the network between the node and its peers has these faults and no others; only of a process that was started for tests. */
    public void setNetworkFaults(List<PeerFault> faults) {
        SetNetworkFaultsRequest request =
                SetNetworkFaultsRequest.newBuilder().addAllFaults(faults).build();
        call(timeoutMillis, admin -> admin.setNetworkFaults(request));
    }

    private <T> T call(long timeoutMillis, Function<AdminGrpc.AdminBlockingStub, T> method) {
        try {
            return method.apply(stub.withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            QuorateException failure = ErrorTrailer.toException(e);
            if (failure.code() == Error.Code.UNREACHABLE) {
                // The next call connects at once instead of failing for as long as gRPC's backoff of up to two minutes.
                channel.resetConnectBackoff();
            }
            throw failure;
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
