package dev.quorate.cli.proxy;

import dev.quorate.cli.proxy.RespMessage.Aggregate;
import dev.quorate.cli.proxy.RespMessage.Bulk;
import dev.quorate.cli.proxy.RespMessage.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Puts local addresses in the place of members' own. */
final class ReplyRewriter {
    private static final String LOCAL_HOST = "127.0.0.1";

    /** The local port that stands for the member that announces this host. */
    interface LocalPorts {
        int of(String host);
    }

    /** What a reply answers, as far as it matters here. */
    enum Kind {
        SLOTS,
        SHARDS,
        NODES,
        OTHER;

        static Kind of(List<String> command) {
            if (command.size() < 2 || !command.getFirst().equals("CLUSTER")) {
                return OTHER;
            }
            return switch (command.get(1)) {
                case "SLOTS" -> SLOTS;
                case "SHARDS" -> SHARDS;
                case "NODES", "REPLICAS", "SLAVES" -> NODES;
                default -> OTHER;
            };
        }
    }

    private final LocalPorts ports;

    ReplyRewriter(LocalPorts ports) {
        this.ports = ports;
    }

    RespMessage rewrite(Kind kind, RespMessage reply) {
        return switch (reply) {
            case Line line when line.type() == '-' -> new Line('-', redirect(line.text()));
            case Line line -> line;
            case Bulk bulk -> kind == Kind.NODES ? nodes(bulk) : bulk;
            case Aggregate aggregate ->
                switch (kind) {
                    case SLOTS -> slots(aggregate);
                    case SHARDS -> shards(aggregate);
                    case NODES ->
                        new Aggregate(
                                aggregate.type(),
                                aggregate.items().stream()
                                        .map(item -> rewrite(kind, item))
                                        .toList());
                    case OTHER -> redirects(aggregate);
                };
        };
    }

    /** Replies of a transaction may be redirects too. */
    private RespMessage redirects(Aggregate aggregate) {
        boolean any = aggregate.items().stream().anyMatch(item -> item instanceof Line line && line.type() == '-');
        return any
                ? new Aggregate(
                        aggregate.type(),
                        aggregate.items().stream()
                                .map(item -> rewrite(Kind.OTHER, item))
                                .toList())
                : aggregate;
    }

    /** {@code MOVED slot host:port}, {@code ASK slot host:port}. */
    private String redirect(String error) {
        String[] words = error.split(" ");
        boolean redirect = words.length == 3 && (words[0].equals("MOVED") || words[0].equals("ASK"));
        return redirect ? words[0] + " " + words[1] + " " + LOCAL_HOST + ":" + ports.of(host(words[2])) : error;
    }

    private static String host(String address) {
        return address.substring(0, Math.max(0, address.lastIndexOf(':')));
    }

    /** Entries of {@code [first, last, [host, port, id, [metadata]], ...]}. */
    private RespMessage slots(Aggregate reply) {
        return map(
                reply,
                entry -> map(entry, node -> {
                    if (node.items().size() < 2 || !(node.items().getFirst() instanceof Bulk host)) {
                        return node;
                    }
                    List<RespMessage> items = new ArrayList<>(node.items());
                    items.set(0, bulk(LOCAL_HOST));
                    items.set(1, new Line(':', String.valueOf(ports.of(host.text()))));
                    return new Aggregate(node.type(), items);
                }));
    }

    private interface Change {
        RespMessage of(Aggregate item);
    }

    private static RespMessage map(RespMessage reply, Change change) {
        return reply instanceof Aggregate aggregate
                ? new Aggregate(
                        aggregate.type(),
                        aggregate.items().stream()
                                .map(item -> item instanceof Aggregate inner ? change.of(inner) : item)
                                .toList())
                : reply;
    }

    /** Nodes are lists of keys and values among which are endpoint, ip and port, somewhere within. */
    private RespMessage shards(Aggregate reply) {
        String host = null;
        for (int i = 0; i + 1 < reply.items().size(); i += 2) {
            if (reply.items().get(i) instanceof Bulk key
                    && key.text().equals("endpoint")
                    && reply.items().get(i + 1) instanceof Bulk endpoint) {
                host = endpoint.text();
            }
        }
        if (host == null) {
            return map(reply, this::shards);
        }
        List<RespMessage> items = new ArrayList<>(reply.items());
        for (int i = 0; i + 1 < items.size(); i += 2) {
            switch (((Bulk) items.get(i)).text()) {
                case "endpoint", "ip", "hostname" -> items.set(i + 1, bulk(LOCAL_HOST));
                case "port" -> items.set(i + 1, new Line(':', String.valueOf(ports.of(host))));
                default -> {}
            }
        }
        return new Aggregate(reply.type(), items);
    }

    /** Lines of {@code id host:port@busport[,hostname] flags ...}. */
    private RespMessage nodes(Bulk reply) {
        String text = reply.text()
                .lines()
                .map(line -> {
                    String[] words = line.split(" ", 3);
                    if (words.length < 3 || words[1].indexOf('@') < 0) {
                        return line;
                    }
                    int port = ports.of(host(words[1].substring(0, words[1].indexOf('@'))));
                    return words[0] + " " + LOCAL_HOST + ":" + port + "@" + port + " " + words[2];
                })
                .collect(Collectors.joining("\n", "", "\n"));
        return new Bulk(reply.type(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Bulk bulk(String text) {
        return new Bulk('$', text.getBytes(StandardCharsets.UTF_8));
    }
}
