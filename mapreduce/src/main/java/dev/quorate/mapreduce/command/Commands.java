package dev.quorate.mapreduce.command;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be known of a command before it runs. */
public final class Commands {
    private static final Pattern PLAIN_FIRST_WORD = Pattern.compile("\\s*([A-Za-z0-9_./-]+)(\\s.*)?", Pattern.DOTALL);

    private Commands() {}

    /** The program that a command begins with, if the shell doesn't find it. */
    public static Optional<String> missing(String line) {
        Matcher first = PLAIN_FIRST_WORD.matcher(line);
        if (!first.matches()) {
            return line.isBlank() ? Optional.of("''") : Optional.empty();
        }
        try {
            Process shell = new ProcessBuilder(
                            "/bin/sh", "-c", "command -v -- \"$1\" >/dev/null 2>&1", "sh", first.group(1))
                    .start();
            return shell.waitFor() == 0 ? Optional.empty() : Optional.of(first.group(1));
        } catch (IOException e) {
            return Optional.of("/bin/sh");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
