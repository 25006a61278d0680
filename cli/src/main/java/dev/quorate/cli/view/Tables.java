package dev.quorate.cli.view;

import dev.quorate.cli.view.ClusterView.GroupView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.cli.view.ClusterView.MoveView;
import dev.quorate.cli.view.ClusterView.ShardLoadView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Draws a view in characters. */
public final class Tables {
    private static final int BAR_WIDTH = 32;
    private static final int SHARDS_PER_LINE = 64;
    private static final int BUSIEST = 5;
    private static final String LETTERS = "123456789abcdefghijklmnopqrstuvwxyz";

    private Tables() {}

    /** Groups with their shards, and the shard map: one character a shard, the owner's, or {@code *} while it moves. */
    public static List<String> groups(ClusterView view) {
        List<String> lines = new ArrayList<>();
        lines.add("%-6s %-9s %-16s %-7s %8s %8s %6s"
                .formatted("GROUP", "STATE", "LEADER", "MEMBERS", "OPS/S", "KIB/S", "SHARDS"));
        for (GroupView group : view.groups()) {
            long ready = group.members().stream().filter(MemberView::ready).count();
            int bar = view.shardCount() == 0
                    ? 0
                    : (group.shards() * BAR_WIDTH + view.shardCount() - 1) / view.shardCount();
            List<ShardLoadView> loads = view.loads().stream()
                    .filter(load -> load.group() == group.id())
                    .toList();
            lines.add("%-6d %-9s %-16s %-7s %8.0f %8.0f %6d %s"
                    .formatted(
                            group.id(),
                            group.state(),
                            group.leader() == null ? "-" : group.leader(),
                            ready + "/" + group.members().size(),
                            loads.stream()
                                    .mapToDouble(ShardLoadView::operationsPerSecond)
                                    .sum(),
                            loads.stream()
                                            .mapToDouble(ShardLoadView::bytesPerSecond)
                                            .sum()
                                    / 1024,
                            group.shards(),
                            "#".repeat(bar)));
        }
        lines.addAll(shards(view));
        return lines;
    }

    private static List<String> shards(ClusterView view) {
        Set<Integer> moving = new HashSet<>();
        view.moves().stream().map(MoveView::shard).forEach(moving::add);
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int shard = 0; shard < view.shards().size(); shard++) {
            line.append(
                    moving.contains(shard) ? '*' : LETTERS.charAt((view.shards().get(shard) - 1) % LETTERS.length()));
            if (line.length() == SHARDS_PER_LINE || shard == view.shards().size() - 1) {
                lines.add(line.toString());
                line.setLength(0);
            }
        }
        return lines.size() <= 16 ? lines : List.of();
    }

    /** The shards that have most to do, the busiest one first; nothing while nobody asks anything. */
    public static List<String> busiest(ClusterView view) {
        List<String> lines = new ArrayList<>();
        view.loads().stream()
                .sorted(Comparator.comparingDouble(ShardLoadView::operationsPerSecond)
                        .reversed())
                .limit(BUSIEST)
                .map(load -> "%-6d %-9d %10.1f %10.1f"
                        .formatted(
                                load.shard(), load.group(), load.operationsPerSecond(), load.bytesPerSecond() / 1024))
                .forEach(lines::add);
        if (!lines.isEmpty()) {
            lines.addFirst("%-6s %-9s %10s %10s".formatted("SHARD", "OF GROUP", "OPS/S", "KIB/S"));
        }
        return lines;
    }

    /** Every member, and what stands in the way of what was asked for. */
    public static List<String> members(ClusterView view) {
        List<String> lines = new ArrayList<>();
        lines.add("%-16s %-13s %-5s %-22s %-22s %-22s %10s"
                .formatted("MEMBER", "ROLE", "READY", "REDIS", "GRPC", "ADMIN", "APPLIED"));
        for (GroupView group : view.groups()) {
            for (MemberView member : group.members()) {
                lines.add("%-16s %-13s %-5s %-22s %-22s %-22s %10d"
                        .formatted(
                                member.name(),
                                member.role(),
                                member.ready() ? "yes" : "no",
                                member.redis(),
                                member.grpc(),
                                member.admin(),
                                member.applied()));
            }
        }
        view.findings().forEach(finding -> lines.add("! " + finding));
        return lines;
    }
}
