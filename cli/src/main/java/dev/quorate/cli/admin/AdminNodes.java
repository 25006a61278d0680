package dev.quorate.cli.admin;

import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.ShardMap;
import dev.quorate.cli.output.UserError;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.QuorateException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The nodes of a cluster that can be found: those given, and those that they know of. Each was asked once. */
public final class AdminNodes implements AutoCloseable {
    private final String token;
    private final Duration timeout;
    private final List<Node> nodes = new ArrayList<>();
    private final List<AdminClient> clients = new ArrayList<>();
    private ShardMap newestMap = ShardMap.getDefaultInstance();

    /** A node that answered, and what it said of itself. */
    public record Node(AdminClient admin, NodeDescription said) {
        public String name() {
            return said.getMember().getName();
        }

        public int group() {
            return said.getGroupId();
        }
    }

    private AdminNodes(String token, Duration timeout) {
        this.token = token;
        this.timeout = timeout;
    }

    /**
     * @param addresses admin addresses to start from
     * @throws UserError when none of them answers
     */
    public static AdminNodes find(Collection<String> addresses, String token, Duration timeout) {
        AdminNodes found = new AdminNodes(token, timeout);
        found.ask(addresses);
        if (found.nodes.isEmpty()) {
            found.close();
            throw UserError.failed("no node answers at " + String.join(", ", addresses)
                    + ": are these admin addresses, and is the token the cluster's?");
        }
        return found;
    }

    private void ask(Collection<String> addresses) {
        Deque<String> toAsk = new ArrayDeque<>(addresses);
        Set<String> asked = new HashSet<>();
        while (!toAsk.isEmpty()) {
            String address = toAsk.poll();
            if (asked.add(address)) {
                AdminClient admin = new AdminClient(Endpoint.parse(address), token, timeout);
                clients.add(admin);
                try {
                    Node node = new Node(admin, admin.describe());
                    nodes.add(node);
                    ShardMap map = admin.map(false).getMap();
                    if (map.getEpoch() > newestMap.getEpoch()) {
                        newestMap = map;
                    }
                    node.said().getMembersList().forEach(member -> toAsk.add(admin(member)));
                    map.getGroupsList()
                            .forEach(group -> group.getMembersList().forEach(member -> toAsk.add(admin(member))));
                } catch (QuorateException e) {
                    continue; // silent: whoever needs it says so
                }
            }
        }
    }

    private static String admin(Member member) {
        return member.getHost() + ":" + member.getAdminPort();
    }

    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    public List<Node> nodes(int group) {
        return nodes.stream().filter(node -> node.group() == group).toList();
    }

    /** The newest copy of the shard map that any node has; epoch 0 when none has one. */
    public ShardMap newestMap() {
        return newestMap;
    }

    public String token() {
        return token;
    }

    /** The group's leader, if one answers. Of two that say so, the one of the later term is right. */
    public Optional<Node> leader(int group) {
        return nodes(group).stream()
                .filter(node -> node.said().getRole().equals("LEADER"))
                .max(Comparator.comparingLong(node -> node.said().getTerm()));
    }

    /** @throws UserError when no leader answers */
    public Node requireLeader(int group) {
        return leader(group)
                .orElseThrow(
                        () -> UserError.failed("group " + group + " has no leader that answers: see quorate status."));
    }

    /** @throws UserError when no node of this name or id answers */
    public Node require(String nameOrId) {
        return nodes.stream()
                .filter(node -> node.name().equals(nameOrId)
                        || node.said().getMember().getId().equals(nameOrId))
                .findFirst()
                .orElseThrow(() -> UserError.failed("no node " + nameOrId + " answers."));
    }

    @Override
    public void close() {
        clients.forEach(AdminClient::close);
    }
}
