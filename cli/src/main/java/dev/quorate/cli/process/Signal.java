package dev.quorate.cli.process;

import dev.quorate.cli.output.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a process can be told by the system. */
public enum Signal {
    /** Ends at once, with nothing put in order. */
    KILL,
    /** Stands still, and keeps its connections. */
    STOP,
    /** Goes on. */
    CONT;

    /** @throws UserError when the system refuses */
    public void send(long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name(), String.valueOf(pid))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (kill.waitFor() != 0) {
                throw UserError.failed("process " + pid + " can't be sent " + name() + ": " + said);
            }
        } catch (IOException e) {
            throw UserError.failed("process " + pid + " can't be sent " + name() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.failed("interrupted");
        }
    }
}
