package dev.quorate.cli.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The terminal that this process was started from. */
final class Terminal {
    private static final int USUAL_ROWS = 24;

    private Terminal() {}

    /** How many rows it has; 0 when input or output is none. */
    static int rows() {
        return System.console() != null && System.console().isTerminal() ? askedRows() : 0;
    }

    private static int askedRows() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            int rows =
                    said.matches("[1-9]\\d{0,3} \\d+\\s*") ? Integer.parseInt(said.substring(0, said.indexOf(' '))) : 0;
            return rows == 0 ? USUAL_ROWS : rows;
        } catch (IOException e) {
            return USUAL_ROWS; // there is no stty
        }
    }
}
