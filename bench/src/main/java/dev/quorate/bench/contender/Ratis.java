package dev.quorate.bench.contender;

import dev.quorate.bench.ratis.RatisProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Three processes of the store on Apache Ratis in {@code dev.quorate.bench.ratis}. */
public final class Ratis implements Contender {
    private static final int MEMBERS = 3;
    private static final List<String> FLAGS = List.of(
            "-XX:+UseParallelGC",
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final Checkout checkout;

    public Ratis(Checkout checkout) {
        this.checkout = checkout;
    }

    @Override
    public String name() {
        return "ratis";
    }

    @Override
    public boolean compiledJustInTime() {
        return true;
    }

    @Override
    public String description() {
        return "Apache Ratis 3.3.0, gRPC, a map in memory as state machine without snapshots, settings of its"
                + " examples, log preallocated by 4 KiB (its 4 MiB make it slower here),"
                + " JVM " + String.join(" ", FLAGS.subList(0, 2))
                + "; client: RaftClient.async, 4 clients for all callers";
    }

    @Override
    public Cluster start(Path directory) throws IOException, InterruptedException {
        List<String> places =
                Ports.free(MEMBERS).stream().map(port -> "127.0.0.1:" + port).toList();
        String addresses = String.join(",", places);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            List<String> command = new ArrayList<>(List.of(Checkout.java()));
            command.addAll(FLAGS);
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.quorate.bench.ratis.RatisServer",
                    Integer.toString(i),
                    addresses,
                    directory.resolve("data-" + i).toString()));
            members.add(Member.start(directory.resolve("ratis-" + i + ".log"), command, Map.of()));
        }
        try (RatisProbe probe = new RatisProbe(places)) {
            Await.until("election of Ratis' leader", members, probe::serves);
        }
        return new Cluster(members, checkout.javaLoad("ratis", addresses), List.of());
    }
}
