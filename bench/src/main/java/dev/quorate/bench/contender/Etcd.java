package dev.quorate.bench.contender;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** etcd with its defaults, which are durable and linearizable. */
public final class Etcd implements Contender {
    private static final int MEMBERS = 3;
    /** Connections to the leader that the load generator's callers share: more of them, or followers too, are slower. */
    private static final int CONNECTIONS = 3;

    private final Checkout checkout;

    public Etcd(Checkout checkout) {
        this.checkout = checkout;
    }

    @Override
    public String name() {
        return "etcd";
    }

    /** Built by bench/run where Go is; else it is the distribution's. */
    private boolean built() {
        return Files.isExecutable(checkout.etcd().resolve("etcd"));
    }

    private Path program() {
        return built()
                ? checkout.etcd().resolve("etcd")
                : Programs.find("etcd").orElseThrow(() -> new IllegalStateException("no etcd on this machine"));
    }

    @Override
    public boolean present() {
        return built() || Programs.find("etcd").isPresent();
    }

    @Override
    public String remedy() {
        return "install Go, which builds it, or the distribution's (Debian: apt-get install etcd-server)";
    }

    @Override
    public String description() {
        return (built()
                        ? "etcd 3.6.8 built by Go from its published modules, its defaults; client: etcd's own Go client"
                        : "the distribution's etcd (" + program() + "), its defaults; client: gRPC-Java")
                + ", " + CONNECTIONS + " connections to the leader";
    }

    @Override
    public Cluster start(Path directory) throws IOException, InterruptedException {
        List<Integer> ports = Ports.free(2 * MEMBERS);
        List<String> clients = ports.subList(0, MEMBERS).stream()
                .map(port -> "127.0.0.1:" + port)
                .toList();
        List<String> peers = ports.subList(MEMBERS, 2 * MEMBERS).stream()
                .map(port -> "http://127.0.0.1:" + port)
                .toList();
        String initial = IntStream.range(0, MEMBERS)
                .mapToObj(i -> "m" + i + "=" + peers.get(i))
                .collect(Collectors.joining(","));
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            String client = "http://" + clients.get(i);
            members.add(Member.start(
                    directory.resolve("etcd-" + i + ".log"),
                    List.of(
                            program().toString(),
                            "--name=m" + i,
                            "--data-dir=" + directory.resolve("data-" + i),
                            "--listen-client-urls=" + client,
                            "--advertise-client-urls=" + client,
                            "--listen-peer-urls=" + peers.get(i),
                            "--initial-advertise-peer-urls=" + peers.get(i),
                            "--initial-cluster=" + initial,
                            "--initial-cluster-state=new",
                            "--log-level=warn"),
                    Map.of()));
        }
        for (String client : clients) {
            Await.until("etcd's becoming healthy", members, () -> healthy(client));
        }
        String leader = leader(clients, members);
        return built()
                ? new Cluster(
                        members,
                        List.of(checkout.etcd().resolve("etcdload").toString(), leader, Integer.toString(CONNECTIONS)),
                        List.of(benchmark(clients, 64, 40_000), benchmark(clients, 512, 60_000)))
                : new Cluster(members, checkout.javaLoad("etcd", leader), List.of());
    }

    private OwnTool benchmark(List<String> clients, int callers, int writes) {
        return new OwnTool(
                "etcd's benchmark put",
                callers,
                List.of(
                        checkout.etcd().resolve("benchmark").toString(),
                        "put",
                        "--endpoints=" + String.join(",", clients),
                        "--conns=" + CONNECTIONS,
                        "--target-leader",
                        "--clients=" + callers,
                        "--total=" + writes,
                        "--key-size=16",
                        "--val-size=256",
                        "--key-space-size=20000"));
    }

    /** Waits for one. */
    private static String leader(List<String> clients, List<Member> members) throws IOException, InterruptedException {
        AtomicReference<String> leader = new AtomicReference<>();
        Await.until("election of etcd's leader", members, () -> {
            for (String client : clients) {
                if (get(client, "/metrics").body().contains("\netcd_server_is_leader 1\n")) {
                    leader.set(client);
                }
            }
            return leader.get() != null;
        });
        return leader.get();
    }

    private static boolean healthy(String client) throws IOException, InterruptedException {
        return get(client, "/health").statusCode() == 200;
    }

    private static HttpResponse<String> get(String client, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + client + path))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
