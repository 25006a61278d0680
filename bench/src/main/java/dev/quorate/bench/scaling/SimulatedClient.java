package dev.quorate.bench.scaling;

import dev.quorate.bench.scaling.Machine.Job;
import dev.quorate.bench.scaling.SimulatedMember.ClientLink;
import dev.quorate.bench.scaling.SimulatedMember.Request;
import dev.quorate.sim.world.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** A client's process: callers that have one write outstanding each, and one thread for its streams, one stream to each group's leader. */
final class SimulatedClient {
    private final Timeline timeline;
    private final Costs costs;
    private final SplittableRandom random;
    private final List<byte[]> commands;
    private final int[] owners;
    private final int[] shards;
    private final IntFunction<SimulatedMember> leaders;
    private final LongConsumer latencies;
    private final Machine.Worker network;
    private final List<Machine.Worker> carriers;
    private final Map<Integer, Stream> streams = new HashMap<>();

    private record Write(byte[] command, ClientLink link, Machine.Worker carrier, long sinceNanos) implements Request {}

    /** What waits while a message is under construction goes with the next one. */
    private final class Stream implements ClientLink {
        private final SimulatedMember leader;
        private List<Request> waiting = new ArrayList<>();
        private boolean due;

        private Stream(SimulatedMember leader) {
            this.leader = leader;
        }

        private void send(Request request) {
            waiting.add(request);
            if (!due) {
                due = true;
                network.submit(this::flush);
            }
        }

        private Job flush() {
            List<Request> message = waiting;
            waiting = new ArrayList<>();
            due = false;
            return new Job(
                    costs.message() + message.size() * costs.clientWrite() / 2,
                    () -> timeline.after(costs.network(), () -> leader.write(message)));
        }

        @Override
        public void answered(List<Request> requests) {
            network.submit(() -> new Job(
                    costs.message() + requests.size() * costs.clientWrite() / 2,
                    () -> requests.forEach(request -> answered((Write) request))));
        }

        private void answered(Write write) {
            latencies.accept(timeline.now() - write.sinceNanos);
            call(write.carrier);
        }
    }

    /**
     * @param commands one for each shard
     * @param owners each shard's group, as of the shard map
     * @param shards that its callers write to
     * @param leaders of groups
     * @param latencies gets that of each write, in nanoseconds
     */
    SimulatedClient(
            Machine machine,
            int cores,
            Timeline timeline,
            Costs costs,
            SplittableRandom random,
            List<byte[]> commands,
            int[] owners,
            int[] shards,
            IntFunction<SimulatedMember> leaders,
            LongConsumer latencies) {
        this.timeline = timeline;
        this.costs = costs;
        this.random = random;
        this.commands = commands;
        this.owners = owners;
        this.shards = shards;
        this.leaders = leaders;
        this.latencies = latencies;
        this.network = machine.worker("a client: network");
        this.carriers = IntStream.range(0, cores)
                .mapToObj(_ -> machine.worker("a client: callers"))
                .toList();
    }

    List<Resource> resources() {
        List<Resource> all = new ArrayList<>(carriers);
        all.add(network);
        return all;
    }

    void start(int callers) {
        for (int i = 0; i < callers; i++) {
            call(carriers.get(i % carriers.size()));
        }
    }

    private void call(Machine.Worker carrier) {
        long sinceNanos = timeline.now();
        carrier.submit(() -> new Job(costs.callerWrite(), () -> {
            int shard = shards[random.nextInt(shards.length)];
            Stream stream = streams.computeIfAbsent(owners[shard], group -> new Stream(leaders.apply(group)));
            stream.send(new Write(commands.get(shard), stream, carrier, sinceNanos));
        }));
    }
}
