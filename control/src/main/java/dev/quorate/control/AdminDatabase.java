package dev.quorate.control;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.GetMapResponse;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.NodeDescription;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.QuorateException;
import dev.quorate.client.RootClient;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Platform.NodeAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The database by the nodes' admin API. Connections are kept between passes: one for each node, and those to the root group for as long as
 * its nodes' addresses stay what they are. Safe for many threads.
 */
public final class AdminDatabase implements Database {
    private static final Duration NODE_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ROOT_TIMEOUT = Duration.ofSeconds(5);

    private final String token;
    private final Map<NodeAddress, AdminClient> nodes = new ConcurrentHashMap<>();
    private Set<NodeAddress> rootNodes = Set.of();
    private RootClient root;

    /** @param token the cluster's, which every call carries */
    public AdminDatabase(String token) {
        this.token = token;
    }

    @Override
    public NodeDescription describe(NodeAddress node) {
        return answer(node, () -> node(node).describe());
    }

    @Override
    public void bootstrap(NodeAddress node, BootstrapRequest request) {
        answer(node, () -> node(node).bootstrap(request));
    }

    @Override
    public MapView map(List<NodeAddress> rootNodes) {
        try {
            GetMapResponse answer = root(rootNodes).map();
            return answer.getMap().getEpoch() == 0
                    ? new MapView.NotCreated()
                    : new MapView.Known(answer.getMap(), answer.getLeadersList());
        } catch (QuorateException e) {
            return new MapView.Unreadable(e.error().getMessage());
        }
    }

    @Override
    public MapChangeResult change(List<NodeAddress> rootNodes, MapChange change) {
        return answer("the root group", () -> root(rootNodes).change(change));
    }

    @Override
    public void transferLeadership(NodeAddress leader, String targetMemberId) {
        answer(leader, () -> node(leader).transferLeadership(targetMemberId));
    }

    @Override
    public void changeMembers(NodeAddress leader, ChangeMembersRequest request) {
        answer(leader, () -> node(leader).changeMembers(request));
    }

    /** Closes the connections to nodes that are not among these any more. */
    @Override
    public void forgetAllBut(Set<NodeAddress> present) {
        nodes.forEach((address, client) -> {
            if (!present.contains(address) && nodes.remove(address, client)) {
                client.close();
            }
        });
    }

    private AdminClient node(NodeAddress node) {
        return nodes.computeIfAbsent(node, address -> new AdminClient(endpoint(address), token, NODE_TIMEOUT));
    }

    private synchronized RootClient root(List<NodeAddress> candidates) {
        if (root == null || !rootNodes.equals(Set.copyOf(candidates))) {
            if (root != null) {
                root.close();
            }
            root = new RootClient(
                    candidates.stream().map(AdminDatabase::endpoint).toList(), token, ROOT_TIMEOUT);
            rootNodes = Set.copyOf(candidates);
        }
        return root;
    }

    private static Endpoint endpoint(NodeAddress node) {
        return new Endpoint(node.host(), node.port());
    }

    private static <T> T answer(Object whom, Supplier<T> call) {
        try {
            return call.get();
        } catch (QuorateException e) {
            throw new DatabaseException(whom + ": " + e.error().getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        forgetAllBut(Set.of());
        if (root != null) {
            root.close();
            root = null;
        }
    }
}
