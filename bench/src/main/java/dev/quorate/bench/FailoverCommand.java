package dev.quorate.bench;

import dev.quorate.bench.contender.Quorate;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long no write is accepted after the leader was killed: from the signal to the first answer to a write that was begun after it. */
@Command(
        description = "Kills the leader again and again: time to the next accepted write.",
        mixinStandardHelpOptions = true)
final class FailoverCommand extends SpecialCommand {
    private static final int VALUE_BYTES = 256;

    @Option(names = "--kills", description = "How often (100).")
    int kills = 100;

    @Override
    String measure(Quorate.Running cluster) throws Exception {
        Histogram gaps = new Histogram(3);
        try (KvClient client = client(cluster)) {
            for (int kill = 0; kill < kills; kill++) {
                client.put(key(kill), new byte[VALUE_BYTES]);
                int leader = cluster.leader();
                long start = System.nanoTime();
                cluster.members().get(leader).kill();
                awaitWrite(client, kill);
                gaps.recordValue(Math.round(millisSince(start)));
                cluster.members().get(leader).start();
                cluster.awaitReady();
            }
        }
        return String.format(
                Locale.ROOT,
                "{\"leader_killed\":%d,\"next_write_ms\":{\"min\":%d,\"p50\":%d,\"p99\":%d,\"max\":%d}}",
                kills,
                gaps.getMinValue(),
                gaps.getValueAtPercentile(50),
                gaps.getValueAtPercentile(99),
                gaps.getMaxValue());
    }

    private static void awaitWrite(KvClient client, int number) {
        boolean accepted = false;
        while (!accepted) {
            try {
                client.put(key(number), new byte[VALUE_BYTES]);
                accepted = true;
            } catch (QuorateException e) {
                // Sent to the member that was killed: whether it took effect can't be known. The next one is another
                // write.
                accepted = false;
            }
        }
    }
}
