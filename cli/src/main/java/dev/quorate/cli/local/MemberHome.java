package dev.quorate.cli.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.cli.process.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A member's own folder: its data, and what is kept beside them. */
record MemberHome(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Path data() {
        return folder.resolve("data");
    }

    Path ports() {
        return folder.resolve("ports");
    }

    Path settings() {
        return folder.resolve("settings.json");
    }

    /** What it logged, as a pattern: {@code %g} numbers the files from the newest. */
    Path log() {
        return folder.resolve("member.%g.log");
    }

    /** What it printed: why it could not start, or nothing. */
    Path output() {
        return folder.resolve("output");
    }

    private Path pid() {
        return folder.resolve("pid");
    }

    /** The process that runs the member, when it is one of its own and still alive. */
    Optional<ProcessHandle> process() throws IOException {
        return Files.exists(pid())
                ? JSON.readValue(pid().toFile(), ProcessId.class).alive()
                : Optional.empty();
    }

    void keepProcess(ProcessHandle process) throws IOException {
        DurableFile.write(pid(), JSON.writeValueAsBytes(ProcessId.of(process)));
    }
}
