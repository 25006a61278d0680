package dev.quorate.bench.contender;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.api.NodeDescription;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.RootClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Three processes of the node as the image runs it, one group. */
public final class Quorate implements Contender {
    private static final int MEMBERS = 3;
    private static final int SHARDS = 256;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    /** What a pod gets by default: the chart's memory limit, and the operator's share of it for the heap. */
    private static final String POD_MEMORY = "-XX:MaxRAM=768m -XX:MaxRAMPercentage=40";

    /** What a node's flags are read from: the image's own start. */
    private static final String ENTRYPOINT = "ENTRYPOINT ";

    private final Checkout checkout;
    private final boolean redis;

    private Quorate(Checkout checkout, boolean redis) {
        this.checkout = checkout;
        this.redis = redis;
    }

    /** Driven by its Java client. */
    public static Quorate byJavaClient(Checkout checkout) {
        return new Quorate(checkout, false);
    }

    /** Driven by a Redis client, at the leader's port. */
    public static Quorate byRedisPort(Checkout checkout) {
        return new Quorate(checkout, true);
    }

    /** The ports of one member. */
    private record Place(int redis, int peer, int admin, int grpc, int http) {}

    @Override
    public String name() {
        return redis ? "quorate-redis" : "quorate";
    }

    @Override
    public boolean compiledJustInTime() {
        return true;
    }

    @Override
    public String description() {
        return "three processes of node/app as in its Dockerfile, JDK_JAVA_OPTIONS=" + POD_MEMORY + ", " + SHARDS
                + " shards; client: "
                + (redis ? "Jedis at the leader, a connection for each caller" : "KvClient, one for all callers");
    }

    @Override
    public Cluster start(Path directory) throws IOException, InterruptedException {
        return launch(directory).cluster();
    }

    /** Starts a cluster whose administration is needed too. */
    public Running launch(Path directory) throws IOException, InterruptedException {
        String clusterId = UUID.randomUUID().toString();
        Path token =
                Files.writeString(directory.resolve("token"), UUID.randomUUID().toString());
        List<Place> places = new ArrayList<>();
        List<Integer> ports = Ports.free(5 * MEMBERS);
        for (int i = 0; i < ports.size(); i += 5) {
            places.add(new Place(ports.get(i), ports.get(i + 1), ports.get(i + 2), ports.get(i + 3), ports.get(i + 4)));
        }
        String rootPeers =
                places.stream().map(place -> "127.0.0.1:" + place.peer()).collect(Collectors.joining(","));
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add(startMember(directory, i, places.get(i), clusterId, token, rootPeers));
        }
        Running running = new Running(members, places, Files.readString(token));
        running.bootstrap(clusterId);
        return running;
    }

    private Member startMember(Path directory, int number, Place place, String clusterId, Path token, String rootPeers)
            throws IOException {
        Map<String, String> environment = Map.ofEntries(
                Map.entry("QUORATE_NAME", "bench-" + number),
                Map.entry("QUORATE_HOST", "127.0.0.1"),
                Map.entry("QUORATE_BIND_HOST", "127.0.0.1"),
                Map.entry("QUORATE_CLUSTER_ID", clusterId),
                Map.entry("QUORATE_GROUP_ID", "1"),
                Map.entry(
                        "QUORATE_DATA_DIRECTORY",
                        directory.resolve("data-" + number).toString()),
                Map.entry("QUORATE_ROOT_PEERS", rootPeers),
                Map.entry("QUORATE_TOKEN_FILE", token.toString()),
                Map.entry("QUORATE_PORTS_REDIS", Integer.toString(place.redis())),
                Map.entry("QUORATE_PORTS_PEER", Integer.toString(place.peer())),
                Map.entry("QUORATE_PORTS_ADMIN", Integer.toString(place.admin())),
                Map.entry("QUORATE_PORTS_GRPC", Integer.toString(place.grpc())),
                Map.entry("QUARKUS_HTTP_PORT", Integer.toString(place.http())),
                Map.entry("JDK_JAVA_OPTIONS", POD_MEMORY));
        return Member.start(directory.resolve("node-" + number + ".log"), nodeCommand(), environment);
    }

    private List<String> nodeCommand() throws IOException {
        return nodeCommand(
                Files.readString(checkout.dockerfile()),
                Checkout.java(),
                checkout.nodeJar().toString());
    }

    /** The image's command line, with this machine's paths. */
    static List<String> nodeCommand(String dockerfile, String java, String jar) throws IOException {
        String entrypoint = dockerfile
                .lines()
                .filter(line -> line.startsWith(ENTRYPOINT))
                .findFirst()
                .orElseThrow(() -> new IOException("node/app/Dockerfile has no line that starts with ENTRYPOINT"));
        List<String> command = new ArrayList<>(
                List.of(new ObjectMapper().readValue(entrypoint.substring(ENTRYPOINT.length()), String[].class)));
        command.set(0, java);
        command.set(command.size() - 1, jar);
        return command;
    }

    /** A cluster that runs, and its administration. */
    public final class Running {
        private final List<Member> members;
        private final List<Place> places;
        private final String token;

        private Running(List<Member> members, List<Place> places, String token) {
            this.members = members;
            this.places = places;
            this.token = token;
        }

        private void bootstrap(String clusterId) throws IOException, InterruptedException {
            List<dev.quorate.api.Member> announced = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) {
                int number = i;
                Await.until(
                        "start of a node",
                        members,
                        () -> announced.add(describe(number).getMember()));
            }
            for (int i = 0; i < MEMBERS; i++) {
                try (AdminClient admin = admin(i)) {
                    admin.bootstrap(BootstrapRequest.newBuilder()
                            .setClusterId(clusterId)
                            .setGroupId(1)
                            .addAllMembers(announced)
                            .addAllRootMembers(announced)
                            .build());
                }
            }
            List<Endpoint> admins = places.stream()
                    .map(place -> new Endpoint("127.0.0.1", place.admin()))
                    .toList();
            try (RootClient root = new RootClient(admins, token, TIMEOUT)) {
                root.change(MapChange.newBuilder()
                        .setCreate(MapChange.CreateMap.newBuilder()
                                .setClusterId(clusterId)
                                .setShardCount(SHARDS)
                                .setRoot(Group.newBuilder().setId(1).addAllMembers(announced)))
                        .build());
            }
            awaitReady();
        }

        /** Returns when all members are. */
        public void awaitReady() throws IOException, InterruptedException {
            for (int i = 0; i < MEMBERS; i++) {
                int number = i;
                Await.until(
                        "a node's becoming ready",
                        members,
                        () -> describe(number).getReady());
            }
        }

        public List<Member> members() {
            return members;
        }

        public Cluster cluster() throws IOException, InterruptedException {
            Endpoint redisPort = redisAddress(leader());
            String addresses = redis
                    ? redisPort.toString()
                    : grpcAddresses().stream().map(Endpoint::toString).collect(Collectors.joining(","));
            return new Cluster(
                    members, checkout.javaLoad(redis ? "redis" : "quorate", addresses), Redis.benchmarks(redisPort));
        }

        /** Where clients of the gRPC API start. */
        public List<Endpoint> grpcAddresses() {
            return places.stream()
                    .map(place -> new Endpoint("127.0.0.1", place.grpc()))
                    .toList();
        }

        public Endpoint redisAddress(int number) {
            return new Endpoint("127.0.0.1", places.get(number).redis());
        }

        /** The number of the member that leads; waits for one. */
        public int leader() throws IOException, InterruptedException {
            int[] leader = {-1};
            Await.until("election of a leader", List.of(), () -> {
                for (int i = 0; i < MEMBERS && leader[0] < 0; i++) {
                    leader[0] = describe(i).getRole().equals("LEADER") ? i : -1;
                }
                return leader[0] >= 0;
            });
            return leader[0];
        }

        public NodeDescription describe(int number) {
            try (AdminClient admin = admin(number)) {
                return admin.describe();
            }
        }

        public AdminClient admin(int number) {
            return new AdminClient(new Endpoint("127.0.0.1", places.get(number).admin()), token, TIMEOUT);
        }
    }
}
