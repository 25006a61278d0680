package dev.quorate.mapreduce.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is on a disk only for the time that a job runs. */
public final class Scratch {
    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

    private Scratch() {}

    /** Makes a directory for what a job spills. */
    public static Path make(Path temporary) throws JobException {
        try {
            return Files.createTempDirectory(temporary, "quorate-mr-");
        } catch (IOException e) {
            String why = Files.isDirectory(temporary) ? Failures.reason(e) : "it is no directory";
            throw new JobException("no directory for spilled data can be made in " + temporary + ": " + why + ".", e);
        }
    }

    /** Removes a directory with all that is in it. That it can't be removed is nobody's failure: it is said in the log. */
    public static void remove(Path directory) {
        try {
            OutputDirectory.deleteTree(directory);
        } catch (IOException e) {
            LOG.warn("event=not-removed directory={} reason=\"{}\"", directory, e.toString());
        }
    }
}
