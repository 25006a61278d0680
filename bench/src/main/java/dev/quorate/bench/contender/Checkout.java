package dev.quorate.bench.contender;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where things are in the checkout that is measured.
 *
 * @param root its folder
 */
public record Checkout(Path root) {
    /** Flags of load generators: a fixed heap, so that it does not grow inside a measurement. */
    private static final List<String> LOAD_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms512m",
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** The one that this process was started in, as bench/run does. */
    public static Checkout here() {
        return new Checkout(Path.of("").toAbsolutePath());
    }

    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    Path dockerfile() {
        return root.resolve("node/app/Dockerfile");
    }

    Path nodeJar() {
        return root.resolve("node/app/target/quarkus-app/quarkus-run.jar");
    }

    /** What was built of etcd. */
    Path etcd() {
        return root.resolve("bench/target/etcd");
    }

    /** Where runs keep the members' directories: on the checkout's own disk. */
    public Path work() {
        return root.resolve("bench/target/run");
    }

    public Path results() {
        return root.resolve("bench/results");
    }

    /** The load generator's command line. */
    public List<String> javaLoad(String protocol, String addresses) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(LOAD_FLAGS);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), "dev.quorate.bench.load.LoadMain", protocol, addresses));
        return command;
    }
}
