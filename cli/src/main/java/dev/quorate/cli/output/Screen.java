package dev.quorate.cli.output;

import java.io.PrintStream;
import java.util.List;

/** Shows a block of lines again and again: in place on a terminal, else only the headline whenever it changed. */
public final class Screen {
    private static final String UP_AND_CLEAR = "\033[%dF\033[J";

    private final PrintStream out;
    private final boolean terminal;
    private int shownLines;
    private String lastHeadline = "";

    public Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether standard output is a terminal. */
    public static boolean onTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    /**
     * Shows the present state.
     *
     * @param headline the state in one line
     * @param block the state in full
     */
    public void show(String headline, List<String> block) {
        if (!terminal) {
            if (!headline.equals(lastHeadline)) {
                out.println(headline);
                out.flush();
                lastHeadline = headline;
            }
            return;
        }
        StringBuilder text = new StringBuilder();
        if (shownLines > 0) {
            text.append(UP_AND_CLEAR.formatted(shownLines));
        }
        text.append(headline).append('\n');
        block.forEach(line -> text.append(line).append('\n'));
        shownLines = 1 + block.size();
        out.print(text);
        out.flush();
    }
}
