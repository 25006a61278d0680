package dev.quorate.server.admin;

import dev.quorate.api.AdminGrpc;
import dev.quorate.api.BeginGenerationRequest;
import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.BootstrapResponse;
import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersResponse;
import dev.quorate.api.CompareReplicasRequest;
import dev.quorate.api.CompareReplicasResponse;
import dev.quorate.api.DescribeRequest;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GetMapRequest;
import dev.quorate.api.GetMapResponse;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.SetNetworkFaultsRequest;
import dev.quorate.api.SetNetworkFaultsResponse;
import dev.quorate.api.SettleShardsRequest;
import dev.quorate.api.SettleShardsResponse;
import dev.quorate.api.TransferLeadershipRequest;
import dev.quorate.api.TransferLeadershipResponse;
import dev.quorate.client.ErrorTrailer;
import dev.quorate.server.Node;
import dev.quorate.server.data.RequestException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin API of one node. Calls may wait for a quorum: each runs on a virtual thread of its own, so that none holds up the server's threads. Errors are
 * a gRPC status for everybody and an {@link Error} in the trailer for programs.
 */
public final class AdminService extends AdminGrpc.AdminImplBase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminService.class);

    private final Node node;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    public AdminService(Node node) {
        this.node = node;
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<NodeDescription> answer) {
        answer(answer, node::describe);
    }

    @Override
    public void bootstrap(BootstrapRequest request, StreamObserver<BootstrapResponse> answer) {
        answer(answer, () -> node.bootstrap(request));
    }

    @Override
    public void getMap(GetMapRequest request, StreamObserver<GetMapResponse> answer) {
        answer(answer, () -> node.admin().map(request.getLinearizable()));
    }

    @Override
    public void changeMap(MapChange request, StreamObserver<MapChangeResult> answer) {
        answer(answer, () -> node.admin().changeMap(request));
    }

    @Override
    public void changeMembers(ChangeMembersRequest request, StreamObserver<ChangeMembersResponse> answer) {
        answer(answer, () -> node.admin().changeMembers(request));
    }

    @Override
    public void compareReplicas(CompareReplicasRequest request, StreamObserver<CompareReplicasResponse> answer) {
        answer(answer, () -> node.admin().compareReplicas(request.getShard()));
    }

    @Override
    public void beginGeneration(BeginGenerationRequest request, StreamObserver<NodeDescription> answer) {
        answer(answer, () -> {
            node.admin().beginGeneration(request.getGeneration());
            return node.describe();
        });
    }

    @Override
    public void settleShards(SettleShardsRequest request, StreamObserver<SettleShardsResponse> answer) {
        answer(answer, () -> node.admin().settleShards(request));
    }

    @Override
    public void transferLeadership(
            TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> answer) {
        answer(answer, () -> node.admin().transferLeadership(request.getTargetId()));
    }

    @Override
    public void setNetworkFaults(SetNetworkFaultsRequest request, StreamObserver<SetNetworkFaultsResponse> answer) {
        answer(answer, () -> {
            node.setNetworkFaults(request.getFaultsList());
            return SetNetworkFaultsResponse.getDefaultInstance();
        });
    }

    private <T> void answer(StreamObserver<T> observer, Supplier<T> call) {
        try {
            calls.execute(() -> answerNow(observer, call));
        } catch (RejectedExecutionException e) {
            observer.onError(ErrorTrailer.toStatus(Error.newBuilder()
                    .setCode(Error.Code.NOT_READY)
                    .setEffect(Effect.NOT_APPLIED)
                    .setMessage("this node is stopping")
                    .build()));
        }
    }

    private static <T> void answerNow(StreamObserver<T> observer, Supplier<T> call) {
        T result;
        try {
            result = call.get();
        } catch (RequestException e) {
            observer.onError(ErrorTrailer.toStatus(e.error()));
            return;
        } catch (RuntimeException e) {
            LOG.error("event=admin_call_failed", e);
            observer.onError(ErrorTrailer.toStatus(Error.newBuilder()
                    .setCode(Error.Code.INTERNAL)
                    .setEffect(Effect.UNKNOWN)
                    .setMessage("the call failed: see the node's log (" + e + ")")
                    .build()));
            return;
        }
        observer.onNext(result);
        observer.onCompleted();
    }

    @Override
    public void close() {
        calls.shutdownNow();
    }
}
