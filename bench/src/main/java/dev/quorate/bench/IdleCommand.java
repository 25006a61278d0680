package dev.quorate.bench;

import dev.quorate.bench.contender.Member;
import dev.quorate.bench.contender.Quorate;
import dev.quorate.bench.contender.Usage;
import dev.quorate.client.KvClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What members cost that nobody asks anything. */
@Command(description = "CPU and memory of idle members.", mixinStandardHelpOptions = true)
final class IdleCommand extends SpecialCommand {
    private static final int KEYS = 1_000;
    private static final int VALUE_BYTES = 256;

    @Option(names = "--seconds", description = "How long they are watched (60).")
    int seconds = 60;

    @Option(names = "--settle-seconds", description = "How long they are left alone before (120): compilers finish.")
    int settleSeconds = 120;

    @Override
    String measure(Quorate.Running cluster) throws Exception {
        try (KvClient client = client(cluster)) {
            for (int i = 0; i < KEYS; i++) {
                client.put(key(i), new byte[VALUE_BYTES]);
            }
        }
        Thread.sleep(1000L * settleSeconds);
        int leader = cluster.leader();
        List<Member> members = cluster.members();
        List<Usage> before = members.stream().map(Member::usage).toList();
        long start = System.nanoTime();
        Thread.sleep(1000L * seconds);
        double watchedSeconds = millisSince(start) / 1000;
        List<String> objects = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Usage used = members.get(i).usage().since(before.get(i));
            objects.add(String.format(
                    Locale.ROOT,
                    "{\"leader\":%b,\"cpu_percent\":%.2f,\"rss_mib\":%.0f,\"written_bytes\":%d}",
                    i == leader,
                    100 * used.cpuSeconds() / watchedSeconds,
                    used.residentBytes() / 1048576.0,
                    used.writtenBytes()));
        }
        return objects.stream().collect(Collectors.joining(",", "{\"idle_members\":[", "]}"));
    }
}
