package dev.quorate.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static final Pattern TOKEN = Pattern.compile("\033\\[(\\??\\d*)([A-Za-z])|([^\033])", Pattern.DOTALL);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, UTF_8);

    @Test
    void onATerminalTheNextBlockTakesThePlaceOfTheLast() {
        Screen screen = new Screen(out, 10, Screen.Plain.BLOCKS);
        screen.show("3 moves", List.of("group 1", "group 2", "group 3"));
        screen.show("no move", List.of("group 1"));
        assertThat(painted()).containsExactly("no move", "group 1");
    }

    @Test
    void aBlockThatIsTallerThanTheTerminalIsCutSinceTheRestCouldNotBePaintedOver() {
        Screen screen = new Screen(out, 4, Screen.Plain.BLOCKS);
        List<String> tall = List.of("a", "b", "c", "d");
        screen.show("first", tall);
        screen.show("second", tall);
        assertThat(painted()).containsExactly("second", "a", "... and 3 lines more");
    }

    @Test
    void aLineThatIsTooLongTakesOneRowAllTheSame() {
        Screen screen = new Screen(out, 10, Screen.Plain.BLOCKS);
        screen.show("x".repeat(500), List.of());
        assertThat(written.toString(UTF_8)).startsWith("\033[?7l").endsWith("\033[?7h");
    }

    @Test
    void elsewhereBlocksFollowEachOtherPlainAndOnlyWhenSomethingChanged() {
        Screen screen = new Screen(out, 0, Screen.Plain.BLOCKS);
        screen.show("one", List.of("a"));
        screen.show("one", List.of("a"));
        screen.show("one", List.of("b"));
        assertThat(written.toString(UTF_8)).isEqualTo("one\na\n\none\nb\n\n");
    }

    @Test
    void progressIsTheHeadlineAloneWhereThereIsNoTerminal() {
        Screen screen = new Screen(out, 0, Screen.Plain.HEADLINES);
        screen.show("one", List.of("a"));
        screen.show("one", List.of("b"));
        screen.show("two", List.of("b"));
        assertThat(written.toString(UTF_8)).isEqualTo("one\ntwo\n");
    }

    /** What a terminal of endless height would show. */
    private List<String> painted() {
        List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        Matcher token = TOKEN.matcher(written.toString(UTF_8));
        int column = 0;
        while (token.find()) {
            if (token.group(3) == null) {
                switch (token.group(2)) {
                    case "F" -> {
                        row -= Integer.parseInt(token.group(1));
                        column = 0;
                    }
                    case "K" -> rows.get(row).setLength(column);
                    case "J" -> {
                        rows.get(row).setLength(column);
                        rows.subList(row + 1, rows.size()).clear();
                    }
                    default -> assertThat(token.group()).isIn("\033[?7l", "\033[?7h");
                }
            } else if (token.group(3).equals("\n")) {
                column = 0;
                if (++row == rows.size()) {
                    rows.add(new StringBuilder());
                }
            } else {
                StringBuilder line = rows.get(row);
                line.replace(column, Math.min(column + 1, line.length()), token.group(3));
                column++;
            }
        }
        return rows.stream()
                .map(StringBuilder::toString)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
