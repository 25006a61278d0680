package dev.quorate.cli;

import dev.quorate.cli.console.ClientOptions;
import dev.quorate.cli.output.UserError;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands on keys have in common: a client of the cluster, and its errors as sentences. */
abstract class DataCommand implements Callable<Integer> {
    private static final int NOT_FOUND = 1;

    @Mixin
    private ClientOptions cluster;

    @Mixin
    private TimeoutOption timeout;

    abstract int run(KvClient client);

    @Override
    public final Integer call() {
        try (KvClient client = cluster.client(timeout.duration())) {
            return run(client);
        } catch (QuorateException e) {
            throw UserError.failed(e.getMessage());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Command(
            name = "get",
            description = "Prints a key's value; exits 1 when there is none.",
            mixinStandardHelpOptions = true)
    static final class Get extends DataCommand {
        @Parameters(paramLabel = "KEY")
        private String key;

        @Override
        int run(KvClient client) {
            var found = client.get(bytes(key));
            found.ifPresent(value -> System.out.println(text(value.bytes())));
            return found.isPresent() ? 0 : NOT_FOUND;
        }
    }

    @Command(
            name = "put",
            description = "Sets a key's value and prints the key's version.",
            mixinStandardHelpOptions = true)
    static final class Put extends DataCommand {
        @Parameters(index = "0", paramLabel = "KEY")
        private String key;

        @Parameters(index = "1", paramLabel = "VALUE")
        private String value;

        @Override
        int run(KvClient client) {
            System.out.println(client.put(bytes(key), bytes(value)));
            return 0;
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a key; exits 1 when there was none.",
            mixinStandardHelpOptions = true)
    static final class Delete extends DataCommand {
        @Parameters(paramLabel = "KEY")
        private String key;

        @Override
        int run(KvClient client) {
            return client.delete(bytes(key)) ? 0 : NOT_FOUND;
        }
    }

    @Command(
            name = "scan",
            description = "Prints keys and values, tab-separated, shard by shard and in key order within each.",
            mixinStandardHelpOptions = true)
    static final class Scan extends DataCommand {
        @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "Of the keys; without: all of them.")
        private String prefix = "";

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "1000",
                description = "Most keys printed (${DEFAULT-VALUE}).")
        private long limit;

        @Override
        int run(KvClient client) {
            Iterator<KvClient.Entry> entries = client.scan(bytes(prefix));
            for (long printed = 0; printed < limit && entries.hasNext(); printed++) {
                KvClient.Entry entry = entries.next();
                System.out.println(text(entry.key()) + "\t" + text(entry.value()));
            }
            return 0;
        }
    }
}
