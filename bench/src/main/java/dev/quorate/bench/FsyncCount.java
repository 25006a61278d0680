package dev.quorate.bench;

import dev.quorate.bench.contender.Cluster;
import dev.quorate.bench.contender.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether members sync for real: their system calls under load, counted by strace, where that is. */
final class FsyncCount {
    private static final Pattern CALLS = Pattern.compile(
            "^\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)\\s+(?:\\d+\\s+)?(fsync|fdatasync|msync)\\s*$",
            Pattern.MULTILINE);

    private static final int CALLERS = 64;
    private static final int SECONDS = 1;

    private FsyncCount() {}

    static boolean possible() {
        return Files.isExecutable(Path.of("/usr/bin/strace"));
    }

    /** Counts for a second, while 64 callers write. One count for each member. */
    static List<Integer> measure(Cluster cluster, LoadProcess load, Path directory)
            throws IOException, InterruptedException {
        load.begin("write", CALLERS, 100, (SECONDS + 1) * 1000);
        List<Path> files = new ArrayList<>();
        List<Process> traces = new ArrayList<>();
        for (Member member : cluster.members()) {
            Path file = directory.resolve("strace-" + files.size());
            files.add(file);
            traces.add(new ProcessBuilder(
                            "timeout",
                            "-s",
                            "INT",
                            Integer.toString(SECONDS),
                            "strace",
                            "-f",
                            "-c",
                            "-e",
                            "trace=fsync,fdatasync,msync",
                            "-o",
                            file.toString(),
                            "-p",
                            Long.toString(member.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
        for (Process trace : traces) {
            trace.waitFor();
        }
        load.end();
        List<Integer> counts = new ArrayList<>();
        for (Path file : files) {
            counts.add(Files.exists(file) ? parse(Files.readString(file)) : 0);
        }
        return counts;
    }

    /** From strace's summary: all calls that make writes durable. */
    static int parse(String summary) {
        Matcher calls = CALLS.matcher(summary);
        int count = 0;
        while (calls.find()) {
            count += Integer.parseInt(calls.group(1));
        }
        return count;
    }
}
