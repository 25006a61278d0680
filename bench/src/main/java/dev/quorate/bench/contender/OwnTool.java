package dev.quorate.bench.contender;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A benchmark that a system comes with, to be run against a cluster of it: writes of 256 bytes.
 *
 * @param name as tables call it, with what tells it from other uses of the same program
 * @param callers its connections or clients
 */
public record OwnTool(String name, int callers, List<String> command) {
    /** Whether its program is on this machine. */
    public boolean present() {
        String program = command.getFirst();
        return Files.isExecutable(Path.of(program)) || Programs.find(program).isPresent();
    }
}
