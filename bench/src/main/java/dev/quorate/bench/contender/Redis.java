package dev.quorate.bench.contender;

import dev.quorate.client.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;

/** One redis-server that syncs its log before it answers: no replicas, so for orientation only. */
public final class Redis implements Contender {
    private final Checkout checkout;

    public Redis(Checkout checkout) {
        this.checkout = checkout;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public String description() {
        return "ONE redis-server, appendfsync always, no replicas (for orientation); client: Jedis, a connection for"
                + " each caller";
    }

    @Override
    public boolean present() {
        return Programs.find("redis-server").isPresent()
                && Programs.find("redis-benchmark").isPresent();
    }

    @Override
    public String remedy() {
        return "install redis-server and redis-benchmark (Debian: apt-get install redis-server redis-tools)";
    }

    @Override
    public boolean forOrientation() {
        return true;
    }

    /** redis-benchmark at one address: with as many connections as callers, and with commands pipelined. */
    static List<OwnTool> benchmarks(Endpoint address) {
        return List.of(benchmark(address, 64, 1, 50_000), benchmark(address, 50, 16, 400_000));
    }

    private static OwnTool benchmark(Endpoint address, int connections, int pipelined, int writes) {
        return new OwnTool(
                "redis-benchmark -P " + pipelined,
                connections,
                List.of(
                        "redis-benchmark",
                        "-h",
                        address.host(),
                        "-p",
                        Integer.toString(address.port()),
                        "-t",
                        "set",
                        "-r",
                        "20000",
                        "-d",
                        "256",
                        "-q",
                        "-c",
                        Integer.toString(connections),
                        "-P",
                        Integer.toString(pipelined),
                        "-n",
                        Integer.toString(writes)));
    }

    @Override
    public Cluster start(Path directory) throws IOException, InterruptedException {
        int port = Ports.free(1).getFirst();
        Path data = Files.createDirectory(directory.resolve("data"));
        List<Member> members = List.of(Member.start(
                directory.resolve("redis.log"),
                List.of(
                        "redis-server",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        data.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always"),
                Map.of()));
        Await.until("redis-server's start", members, () -> {
            try (Jedis jedis = new Jedis("127.0.0.1", port)) {
                return jedis.ping().equals("PONG");
            }
        });
        return new Cluster(
                members, checkout.javaLoad("redis", "127.0.0.1:" + port), benchmarks(new Endpoint("127.0.0.1", port)));
    }
}
