package dev.quorate.cli.local;

import dev.quorate.cli.output.UserError;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The process that controls a cluster of processes, as the command sees it that started it. */
public final class ControlProcess {
    private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    /** What is typed to interrupt the command, or closes its terminal, must not reach what goes on after it. */
    private static final List<String> APART_FROM_THE_TERMINAL =
            List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private final Process process;
    private final ClusterFolder folder;
    private final Path output;
    /** Directories that were not there before, the innermost first. */
    private final List<Path> made;

    private ControlProcess(Process process, ClusterFolder folder, Path output, List<Path> made) {
        this.process = process;
        this.folder = folder;
        this.output = output;
        this.made = made;
    }

    /**
     * @param ports options of the command that say where the cluster listens
     * @param faultSwitch whether its members can have faults of their network, for tests
     * @throws UserError when the directory can't be made, or is somebody else's
     */
    public static ControlProcess start(Path file, Path data, List<String> ports, boolean faultSwitch)
            throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("control", "--file", file.toAbsolutePath().toString(), "--data", data.toString()));
        arguments.addAll(ports);
        if (faultSwitch) {
            arguments.add("--fault-switch");
        }
        List<Path> made = Stream.iterate(data.toAbsolutePath(), Files::notExists, Path::getParent)
                .toList();
        ClusterFolder folder = new ClusterFolder(data);
        makeDirectory(data);
        folder.refuseForeign();
        Path output = data.resolve("output");
        Process process = ThisCommand.start(APART_FROM_THE_TERMINAL, JVM_OPTIONS, arguments, output);
        return new ControlProcess(process, folder, output, made);
    }

    private static void makeDirectory(Path data) throws IOException {
        try {
            Files.createDirectories(data);
        } catch (FileSystemException e) {
            String why = Files.exists(data) ? "it is a file" : "no directory can be made there: " + e.getMessage();
            throw UserError.misused("the cluster's data can't be in " + data + ": " + why + ".");
        }
    }

    /** @throws UserError with its own words, when it has ended; if it made no cluster, nothing is left of its directory then */
    public void refuseIfEnded() throws IOException {
        if (!process.isAlive()) {
            String sentence = Files.readString(output).strip().replaceFirst("^quorate: ", "");
            if (!folder.holdsCluster()) {
                removeWhatWasMade();
            }
            throw process.exitValue() == UserError.MISUSED ? UserError.misused(sentence) : UserError.failed(sentence);
        }
    }

    private void removeWhatWasMade() throws IOException {
        Files.deleteIfExists(output);
        try {
            for (Path directory : made) {
                Files.delete(directory);
            }
        } catch (DirectoryNotEmptyException e) {
            // Another cluster has come to live beside this one.
        }
    }
}
