package dev.quorate.raft.golden;

import dev.quorate.raft.HardState;
import dev.quorate.raft.InvariantViolation;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipProposal;
import dev.quorate.raft.MemoryLog;
import dev.quorate.raft.Message;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** A group that does what the commands of a trace say. */
final class TraceCluster {
    /** More than any story needs: a group that does not come to rest is at fault. */
    private static final int MAX_DELIVERIES = 500;

    private final Map<Character, TraceMember> members = new TreeMap<>();
    private final Deque<Message> inFlight = new ArrayDeque<>();
    private final List<String> output = new ArrayList<>();
    private Options settings = new Options(new String[0]);

    /** What happens, line by line. */
    List<String> run(String command) {
        output.clear();
        boolean quietly = command.startsWith("quietly ");
        try {
            execute((quietly ? command.substring("quietly ".length()) : command)
                    .strip()
                    .split("\\s+"));
        } catch (InvariantViolation e) {
            output.add("violation: " + e.getMessage());
        }
        return quietly ? List.of() : List.copyOf(output);
    }

    private void execute(String[] words) {
        Options options = new Options(words);
        switch (words[0]) {
            case "group" -> group(words[1], options);
            case "member" -> member(words[1].charAt(0), options);
            case "tick" -> tick(words[1], words.length > 2 ? Integer.parseInt(words[2]) : 1);
            case "timeout" -> tick(words[1], electionTicks());
            case "deliver" -> options.take(inFlight).forEach(this::deliver);
            case "stabilize" -> stabilize(options);
            case "drop" -> options.take(inFlight);
            case "repeat" -> {
                List<Message> repeated = options.take(inFlight);
                repeated.forEach(this::deliver);
                inFlight.addAll(repeated);
            }
            case "in-flight" -> inFlight.forEach(m -> output.add(Words.name(m.from()) + " -> " + Words.of(m)));
            case "propose" -> propose(words[1], Arrays.copyOfRange(words, 2, words.length));
            case "membership" -> changeMembership(words[1], membership(words[2], options));
            case "read" -> read(words, core -> core.readIndex(Long.parseLong(words[2])));
            case "ask" -> read(words, core -> core.readIndexThroughLeader(Long.parseLong(words[2])));
            case "transfer" ->
                act(
                        words[1],
                        "hands over to " + words[2],
                        core -> core.transferLeadership(Words.id(words[2].charAt(0))));
            case "disk" -> of(words[1]).slowDisk(words[2].equals("slow"));
            case "persist" -> {
                int count = words.length > 2 ? Integer.parseInt(words[2]) : Integer.MAX_VALUE;
                of(words[1]).act("writes", _ -> of(words[1]).persist(count));
            }
            case "crash" -> crash(of(words[1]));
            case "restart" -> {
                of(words[1]).start();
                output.add(of(words[1]).status());
            }
            case "compact" -> of(words[1]).log().compactTo(Long.parseLong(words[2]));
            case "install" -> deliver(of(words[1]).snapshot(of(words[2]).id(), Long.parseLong(words[3])));
            case "snapshot-done" ->
                act(
                        words[1],
                        "hears that the snapshot for " + words[2] + " was " + words[3],
                        core -> core.reportSnapshot(Words.id(words[2].charAt(0)), words[3].equals("delivered")));
            case "lost" ->
                act(
                        words[1],
                        "lost its connection to " + words[2],
                        core -> core.connectionLost(Words.id(words[2].charAt(0))));
            case "status" -> {
                String which = words.length > 1 ? words[1] : "";
                members.forEach((name, member) -> {
                    if (which.isEmpty() || which.indexOf(name) >= 0) {
                        output.add(member.status());
                    }
                });
            }
            case "log" -> of(words[1]).entries().forEach(entry -> output.add("  " + Words.of(entry)));
            default -> throw new IllegalArgumentException("no such command: " + words[0]);
        }
    }

    private void crash(TraceMember crashed) {
        crashed.crash();
        for (TraceMember member : members.values()) {
            if (member.isUp()) {
                member.connectionLost(crashed.id());
            }
        }
    }

    private void group(String names, Options options) {
        settings = options;
        Membership membership = membership(names, options);
        membership
                .members()
                .forEach(id -> add(Words.name(id).charAt(0), HardState.INITIAL, membership, new MemoryLog(), 0));
    }

    private void member(char name, Options options) {
        String vote = options.text("vote", "");
        HardState state = new HardState(options.number("term", 0), vote.isEmpty() ? null : Words.id(vote.charAt(0)));
        long[] terms = Arrays.stream(options.text("log", "").split(","))
                .filter(term -> !term.isEmpty())
                .flatMapToLong(term -> LongStream.of(Long.parseLong(term)))
                .toArray();
        Membership membership = membership(options.text("voters", ""), options);
        add(name, state, membership, MemoryLog.ofTerms(terms), options.number("applied", 0));
    }

    private void add(char name, HardState state, Membership membership, MemoryLog log, long appliedIndex) {
        RaftConfig config = new RaftConfig(
                Words.id(name),
                electionTicks(),
                settings.number("heartbeat", 2),
                settings.number("append-bytes", 1 << 20),
                settings.number("inflight", 256),
                settings.number("inflight-bytes", 1 << 20),
                1 << 20,
                1 << 20);
        members.put(name, new TraceMember(config, state, membership, log, appliedIndex, output, inFlight));
    }

    private int electionTicks() {
        return settings.number("election", 10);
    }

    private static Membership membership(String voters, Options options) {
        return Membership.of(Words.ids(voters), Words.ids(options.text("learners", "")));
    }

    private TraceMember of(String name) {
        TraceMember member = members.get(name.charAt(0));
        if (member == null) {
            throw new IllegalArgumentException("no such member: " + name);
        }
        return member;
    }

    private void act(String name, String cause, Consumer<Raft> action) {
        of(name).act(cause, action);
    }

    private void tick(String name, int ticks) {
        act(name, ticks == 1 ? "ticks" : "ticks " + ticks + " times", core -> {
            for (int i = 0; i < ticks; i++) {
                core.tick();
            }
        });
    }

    private void deliver(Message message) {
        TraceMember receiver = members.get(Words.name(message.to()).charAt(0));
        if (receiver == null || !receiver.isUp()) {
            output.add(Words.name(message.to()) + " is down");
            return;
        }
        String cause = "takes " + Words.type(message) + " from " + Words.name(message.from());
        receiver.act(cause, core -> core.step(message));
    }

    private void stabilize(Options options) {
        int deliveries = 0;
        for (List<Message> batch = options.take(inFlight); !batch.isEmpty(); batch = options.take(inFlight)) {
            batch.forEach(this::deliver);
            deliveries += batch.size();
            if (deliveries > MAX_DELIVERIES) {
                throw new IllegalStateException("the group does not come to rest");
            }
        }
    }

    private void propose(String name, String[] commands) {
        List<byte[]> bytes = Arrays.stream(commands)
                .map(command -> command.getBytes(StandardCharsets.UTF_8))
                .toList();
        act(name, "proposes " + String.join(" ", commands), core -> {
            String answer = switch (core.propose(bytes)) {
                case Raft.Proposal.Accepted(long index, long term) -> "accepted at " + index + "/" + term;
                case Raft.Proposal.NotLeader(var leader) -> "refused, the leader is " + Words.name(leader);
                case Raft.Proposal.Busy() -> "refused, busy";
            };
            output.add("  " + answer);
        });
    }

    private void changeMembership(String name, Membership target) {
        act(name, "changes the group to " + Words.of(target), core -> {
            String answer = switch (core.proposeMembership(target)) {
                case MembershipProposal.Accepted(long index, long term) -> "accepted at " + index + "/" + term;
                case MembershipProposal.Unchanged() -> "unchanged";
                case MembershipProposal.NotLeader(var leader) -> "refused, the leader is " + Words.name(leader);
                case MembershipProposal.ChangeInProgress() -> "refused, a change is in progress";
                case MembershipProposal.NotCaughtUp(var lagging) -> "refused, not caught up: " + Words.names(lagging);
                case MembershipProposal.Busy() -> "refused, busy";
            };
            output.add("  " + answer);
        });
    }

    private void read(String[] words, Predicate<Raft> ask) {
        act(words[1], "reads as " + words[2], core -> {
            if (!ask.test(core)) {
                output.add("  refused");
            }
        });
    }

    /** The {@code key=value} words of a command. */
    private static final class Options {
        private final Map<String, String> values = new TreeMap<>();

        private Options(String[] words) {
            for (String word : words) {
                int equals = word.indexOf('=');
                if (equals > 0) {
                    values.put(word.substring(0, equals), word.substring(equals + 1));
                }
            }
        }

        private String text(String key, String otherwise) {
            return values.getOrDefault(key, otherwise);
        }

        private int number(String key, int otherwise) {
            return values.containsKey(key) ? Integer.parseInt(values.get(key)) : otherwise;
        }

        /** Takes the messages that match out of the queue, in order. */
        private List<Message> take(Deque<Message> queue) {
            List<Message> taken = queue.stream().filter(this::matches).toList();
            queue.removeIf(this::matches);
            return taken;
        }

        private boolean matches(Message message) {
            return text("from", Words.name(message.from())).contains(Words.name(message.from()))
                    && text("to", Words.name(message.to())).contains(Words.name(message.to()))
                    && text("type", Words.type(message)).contains(Words.type(message));
        }
    }
}
