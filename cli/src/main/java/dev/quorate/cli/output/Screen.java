package dev.quorate.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Shows a block of lines again and again: in place on a terminal, else what is new. */
public final class Screen {
    private static final String UP = "\033[%dF";
    private static final String CLEAR_TO_RIGHT = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";
    /** A line that is too long is cut at the edge: so each is one row, and the way back up is known. */
    private static final String CUT_LINES = "\033[?7l";

    private static final String WRAP_LINES = "\033[?7h";

    /** What is shown where there is no terminal. */
    public enum Plain {
        /** The headline, whenever it changed. */
        HEADLINES,
        /** All of it, whenever it changed, and an empty line after it. */
        BLOCKS
    }

    private final PrintStream out;
    private final int rows;
    private final Plain plain;
    private int shownRows;
    private List<String> last = List.of();

    /**
     * @param rows of the terminal, 0 when there is none
     */
    Screen(PrintStream out, int rows, Plain plain) {
        this.out = out;
        this.rows = rows;
        this.plain = plain;
    }

    /** On a stream of this process that goes to its terminal, if it has one. */
    public static Screen on(PrintStream out, Plain plain) {
        return new Screen(out, Terminal.rows(), plain);
    }

    /** As if there were no terminal: for what is shown once. */
    public static Screen offTerminal(PrintStream out) {
        return new Screen(out, 0, Plain.HEADLINES);
    }

    /** Whether it is a terminal, where things are shown in place. */
    public boolean isTerminal() {
        return rows > 0;
    }

    /**
     * Shows the present state.
     *
     * @param headline the state in one line
     * @param block the state in full
     */
    public void show(String headline, List<String> block) {
        List<String> lines = new ArrayList<>(List.of(headline));
        if (isTerminal() || plain == Plain.BLOCKS) {
            lines.addAll(block);
        }
        if (isTerminal()) {
            paint(cut(lines));
        } else if (!lines.equals(last)) {
            lines.forEach(out::println);
            if (plain == Plain.BLOCKS) {
                out.println();
            }
        }
        out.flush();
        last = lines;
    }

    /** What does not fit can't be painted over: it would have left the terminal at its top. The cursor takes the last row. */
    private List<String> cut(List<String> lines) {
        int fitting = Math.max(rows - 1, 1);
        if (lines.size() <= fitting) {
            return lines;
        }
        List<String> shown = new ArrayList<>(lines.subList(0, fitting - 1));
        shown.add("... and " + (lines.size() - shown.size()) + " lines more");
        return shown;
    }

    private void paint(List<String> lines) {
        StringBuilder text = new StringBuilder(CUT_LINES);
        if (shownRows > 0) {
            text.append(UP.formatted(shownRows));
        }
        lines.forEach(line -> text.append(line).append(CLEAR_TO_RIGHT).append('\n'));
        text.append(CLEAR_BELOW).append(WRAP_LINES);
        shownRows = lines.size();
        out.print(text);
    }
}
