package dev.quorate.server.redis;

import dev.quorate.api.Member;
import dev.quorate.client.Slots;
import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.data.ReadFrom;
import dev.quorate.server.redis.ClusterTopology.Owner;
import dev.quorate.server.redis.ClusterTopology.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The shard map, as clients of Redis Cluster ask for it. */
final class ClusterCommands {
    private static final String GROUP = "cluster";

    private final KeyValueStore store;
    private final String memberId;

    ClusterCommands(KeyValueStore store, String memberId) {
        this.store = store;
        this.memberId = memberId;
    }

    List<Command> all() {
        String flags = "loading stale";
        return List.of(
                Command.container(
                        "cluster",
                        GROUP,
                        "About the cluster.",
                        List.of(
                                Command.keyless(
                                        "cluster|slots",
                                        2,
                                        flags,
                                        GROUP,
                                        "Masters and replicas by slots.",
                                        call -> ask(this::slots)),
                                Command.keyless(
                                        "cluster|shards",
                                        2,
                                        flags,
                                        GROUP,
                                        "Groups and their slots.",
                                        call -> ask(this::shards)),
                                Command.keyless(
                                        "cluster|nodes",
                                        2,
                                        flags,
                                        GROUP,
                                        "Nodes and their slots.",
                                        call -> ask(this::nodes)),
                                Command.keyless(
                                        "cluster|info",
                                        2,
                                        flags,
                                        GROUP,
                                        "Counts of slots and nodes.",
                                        call -> ask(this::info)),
                                Command.keyless(
                                        "cluster|keyslot",
                                        3,
                                        flags,
                                        GROUP,
                                        "The slot of a key.",
                                        call -> Action.answer(Reply.number(Slots.slotOf(call.bytes(2))))),
                                Command.keyless(
                                        "cluster|myid",
                                        2,
                                        flags,
                                        GROUP,
                                        "This node's id.",
                                        call -> Action.answer(Reply.bulk(ClusterTopology.nodeId(memberId)))),
                                Command.keyless(
                                        "cluster|links",
                                        2,
                                        flags,
                                        GROUP,
                                        "None: there is no cluster bus.",
                                        call -> Action.answer(Reply.EMPTY)))),
                Command.keyless(
                        "asking",
                        1,
                        "fast",
                        GROUP,
                        "Accepted: shards are handed over at once.",
                        call -> Action.answer(Reply.OK)),
                Command.keyless(
                        "readonly",
                        1,
                        "loading stale fast",
                        GROUP,
                        "Reads on this connection may be served by replicas; they stay linearizable.",
                        call -> readFrom(call, ReadFrom.ANY_MEMBER)),
                Command.keyless(
                        "readwrite",
                        1,
                        "loading stale fast",
                        GROUP,
                        "Reads on this connection are served by masters.",
                        call -> readFrom(call, ReadFrom.LEADER)));
    }

    private static Action readFrom(Invocation call, ReadFrom readFrom) {
        call.session().setReadFrom(readFrom);
        return Action.answer(Reply.OK);
    }

    private Action ask(Function<ClusterTopology, Reply> question) {
        ClusterTopology topology = ClusterTopology.of(store.route(), memberId);
        if (topology.owners().isEmpty()) {
            throw new CommandException(ErrorReplies.NOT_READY);
        }
        return Action.answer(question.apply(topology));
    }

    private Reply slots(ClusterTopology topology) {
        List<Reply> rows = new ArrayList<>();
        for (Owner owner : topology.owners()) {
            for (Range range : owner.ranges()) {
                List<Reply> row = new ArrayList<>();
                row.add(Reply.number(range.first()));
                row.add(Reply.number(range.last()));
                row.add(slotsNode(owner.master()));
                owner.replicas().forEach(replica -> row.add(slotsNode(replica)));
                rows.add(new Reply.Items(row));
            }
        }
        return new Reply.Items(rows);
    }

    private static Reply slotsNode(Member member) {
        return Reply.items(
                Reply.bulk(member.getHost()),
                Reply.number(member.getRedisPort()),
                Reply.bulk(ClusterTopology.nodeId(member.getId())),
                Reply.pairs());
    }

    private Reply shards(ClusterTopology topology) {
        List<Reply> shards = new ArrayList<>();
        for (Owner owner : topology.owners()) {
            List<Reply> slots = new ArrayList<>();
            for (Range range : owner.ranges()) {
                slots.add(Reply.number(range.first()));
                slots.add(Reply.number(range.last()));
            }
            List<Reply> nodes = new ArrayList<>();
            nodes.add(shardsNode(owner.master(), "master"));
            owner.replicas().forEach(replica -> nodes.add(shardsNode(replica, "replica")));
            shards.add(Reply.pairs("slots", new Reply.Items(slots), "nodes", new Reply.Items(nodes)));
        }
        return new Reply.Items(shards);
    }

    private static Reply shardsNode(Member member, String role) {
        return Reply.pairs(
                "id", ClusterTopology.nodeId(member.getId()),
                "port", member.getRedisPort(),
                "ip", member.getHost(),
                "endpoint", member.getHost(),
                "role", role,
                "replication-offset", 0,
                "health", "online");
    }

    private Reply nodes(ClusterTopology topology) {
        StringBuilder lines = new StringBuilder();
        for (Owner owner : topology.owners()) {
            String masterId = ClusterTopology.nodeId(owner.master().getId());
            StringBuilder ranges = new StringBuilder();
            for (Range range : owner.ranges()) {
                ranges.append(' ').append(range.first());
                if (range.last() > range.first()) {
                    ranges.append('-').append(range.last());
                }
            }
            node(lines, owner.master(), "master", "-", topology.epoch())
                    .append(ranges)
                    .append('\n');
            for (Member replica : owner.replicas()) {
                node(lines, replica, "slave", masterId, topology.epoch()).append('\n');
            }
        }
        return new Reply.Text(lines.toString());
    }

    private StringBuilder node(StringBuilder out, Member member, String role, String masterId, long epoch) {
        String myself = member.getId().equals(memberId) ? "myself," : "";
        return out.append(ClusterTopology.nodeId(member.getId()))
                .append(' ')
                .append(member.getHost())
                .append(':')
                .append(member.getRedisPort())
                .append('@')
                .append(member.getPeerPort())
                .append(',')
                .append(member.getHost())
                .append(' ')
                .append(myself)
                .append(role)
                .append(' ')
                .append(masterId)
                .append(" 0 0 ")
                .append(epoch)
                .append(" connected");
    }

    private Reply info(ClusterTopology topology) {
        int nodes = topology.owners().stream()
                .mapToInt(owner -> 1 + owner.replicas().size())
                .sum();
        long masters = topology.owners().stream()
                .filter(owner -> !owner.ranges().isEmpty())
                .count();
        return new Reply.Text("cluster_enabled:1\r\ncluster_state:ok\r\ncluster_slots_assigned:" + Slots.COUNT
                + "\r\ncluster_slots_ok:" + Slots.COUNT
                + "\r\ncluster_slots_pfail:0\r\ncluster_slots_fail:0\r\ncluster_known_nodes:"
                + nodes + "\r\ncluster_size:" + masters + "\r\ncluster_current_epoch:" + topology.epoch()
                + "\r\ncluster_my_epoch:"
                + topology.epoch() + "\r\n");
    }

    /** Whether this member leads its group, as far as it knows. */
    boolean isMaster() {
        return ClusterTopology.of(store.route(), memberId).owners().stream()
                .anyMatch(owner -> owner.master().getId().equals(memberId));
    }
}
