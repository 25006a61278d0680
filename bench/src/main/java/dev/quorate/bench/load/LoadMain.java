package dev.quorate.bench.load;

import dev.quorate.client.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The process. Arguments: the protocol, and addresses ({@code host:port}, separated by commas). Lines in, lines out; ends with its input. */
public final class LoadMain {
    private LoadMain() {}

    public static void main(String[] args) throws Exception {
        try (Target target = target(args[0], List.of(args[1].split(",")))) {
            serve(new ClosedLoop(target));
        }
        System.exit(0);
    }

    private static Target target(String protocol, List<String> addresses) {
        return switch (protocol) {
            case "quorate" ->
                new QuorateTarget(addresses.stream().map(Endpoint::parse).toList());
            case "etcd" ->
                new EtcdTarget(addresses.stream().map(Endpoint::parse).toList());
            case "redis" -> new RedisTarget(Endpoint.parse(addresses.getFirst()));
            case "ratis" -> new RatisTarget(addresses);
            default -> throw new IllegalArgumentException("unknown protocol " + protocol);
        };
    }

    private static void serve(ClosedLoop loop) throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "load" -> {
                    loop.load(number(words[1]), number(words[2]), number(words[3]), number(words[4]));
                    System.out.println("loaded");
                }
                case "run" -> System.out.println(measured(loop, words));
                default -> throw new IllegalArgumentException("unknown order " + line);
            }
        }
    }

    private static String measured(ClosedLoop loop, String[] words) throws InterruptedException {
        ClosedLoop.Result result = loop.run(
                words[1].equals("write"),
                number(words[2]),
                words.length > 5 ? number(words[5]) : 0,
                number(words[3]),
                number(words[4]),
                () -> System.out.println("measuring"));
        Histogram latencies = result.latencies();
        return "measured %d %d %d %d %d %d %d"
                .formatted(
                        latencies.getTotalCount(),
                        result.failures(),
                        result.nanos(),
                        latencies.getValueAtPercentile(50),
                        latencies.getValueAtPercentile(99),
                        latencies.getValueAtPercentile(99.9),
                        latencies.getMaxValue());
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }
}
