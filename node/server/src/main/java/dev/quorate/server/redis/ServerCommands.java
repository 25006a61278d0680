package dev.quorate.server.redis;

import dev.quorate.client.Slots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Commands about the server, as far as clients need them to get going. */
final class ServerCommands {
    private static final String GROUP = "server";

    /** What tools ask of a server's configuration: there is nothing to set. */
    private static final Map<String, String> CONFIGURATION = new TreeMap<>(Map.of(
            "appendonly", "yes",
            "appendfsync", "always",
            "cluster-enabled", "yes",
            "databases", "1",
            "maxmemory", "0",
            "maxmemory-policy", "noeviction",
            "proto-max-bulk-len", "1048576",
            "save", "",
            "timeout", "0"));

    private final ClusterCommands cluster;
    private final int port;
    private final long startedNanos = System.nanoTime();

    ServerCommands(ClusterCommands cluster, int port) {
        this.cluster = cluster;
        this.port = port;
    }

    List<Command> all() {
        return List.of(
                Command.keyless("info", -1, "loading stale", GROUP, "Describes the server.", this::info),
                Command.keyless(
                        "time",
                        1,
                        "loading stale fast",
                        GROUP,
                        "Returns the server's time.",
                        call -> Action.answer(Reply.items(
                                Reply.bulk(Long.toString(call.nowMillis() / 1000)),
                                Reply.bulk(Long.toString(call.nowMillis() % 1000 * 1000))))),
                Command.keyless("dbsize", 1, "readonly fast", GROUP, "Not supported.", call -> {
                    throw new CommandException("ERR DBSIZE is not supported: counting keys would read every shard");
                }),
                Command.container(
                        "config",
                        GROUP,
                        "About the configuration.",
                        List.of(
                                Command.keyless(
                                        "config|get",
                                        -3,
                                        "admin noscript loading stale",
                                        GROUP,
                                        "Returns settings that match patterns.",
                                        ServerCommands::configGet),
                                Command.keyless(
                                        "config|set",
                                        -4,
                                        "admin noscript loading stale",
                                        GROUP,
                                        "Not supported.",
                                        call -> {
                                            throw new CommandException(
                                                    "ERR CONFIG SET is not supported: settings are the node's own configuration");
                                        }))));
    }

    private static Action configGet(Invocation call) {
        List<Reply> pairs = new ArrayList<>();
        CONFIGURATION.forEach((name, value) -> {
            if (IntStream.range(2, call.size())
                    .anyMatch(i -> matches(name, call.text(i).toLowerCase(Locale.ROOT)))) {
                pairs.add(Reply.bulk(name));
                pairs.add(Reply.bulk(value));
            }
        });
        return Action.answer(new Reply.Pairs(pairs));
    }

    /** Whether a name matches a pattern in which {@code *} stands for anything. */
    private static boolean matches(String name, String pattern) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return name.equals(pattern);
        }
        if (!name.startsWith(pattern.substring(0, star))) {
            return false;
        }
        String rest = pattern.substring(star + 1);
        return IntStream.rangeClosed(star, name.length()).anyMatch(from -> matches(name.substring(from), rest));
    }

    private Action info(Invocation call) {
        Set<String> wanted = IntStream.range(1, call.size())
                .mapToObj(i -> call.text(i).toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        boolean all = wanted.isEmpty() || wanted.stream().anyMatch(Set.of("default", "all", "everything")::contains);
        StringBuilder text = new StringBuilder();
        sections().forEach((section, lines) -> {
            if (all || wanted.contains(section.toLowerCase(Locale.ROOT))) {
                text.append(text.isEmpty() ? "" : "\r\n")
                        .append("# ")
                        .append(section)
                        .append("\r\n");
                lines.forEach(line -> text.append(line).append("\r\n"));
            }
        });
        return Action.answer(new Reply.Text(text.toString()));
    }

    private Map<String, List<String>> sections() {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        sections.put(
                "Server",
                List.of(
                        "redis_version:" + ConnectionCommands.REDIS_VERSION,
                        "redis_mode:cluster",
                        "server_name:quorate",
                        "process_id:" + ProcessHandle.current().pid(),
                        "tcp_port:" + port,
                        "uptime_in_seconds:"
                                + Duration.ofNanos(System.nanoTime() - startedNanos)
                                        .toSeconds()));
        sections.put("Replication", List.of("role:" + (cluster.isMaster() ? "master" : "slave"), "connected_slaves:0"));
        sections.put("Cluster", List.of("cluster_enabled:1", "cluster_slots:" + Slots.COUNT));
        sections.put("Keyspace", List.of());
        return sections;
    }
}
