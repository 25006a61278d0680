package dev.quorate.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This very command, in another process. */
final class ThisCommand {
    private static final List<String> ACCESS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private ThisCommand() {}

    /**
     * Starts it.
     *
     * @param wrapper a command that runs it; empty for none
     * @param output where what it prints goes
     */
    static Process start(List<String> wrapper, List<String> jvmOptions, List<String> arguments, Path output)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(jvmOptions);
        command.addAll(ACCESS);
        command.add("dev.quorate.cli.Quorate");
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
