package dev.quorate.server.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The words of an inline command, which people type: separated by blanks, or quoted as in redis-cli. */
final class InlineCommand {
    private final byte[] line;
    private int at;

    private InlineCommand(byte[] line) {
        this.line = line;
    }

    static List<byte[]> words(byte[] line) throws ProtocolViolation {
        InlineCommand command = new InlineCommand(line);
        List<byte[]> words = new ArrayList<>();
        while (command.skipBlanks()) {
            words.add(command.word());
        }
        if (!words.isEmpty() && isHttp(words.getFirst())) {
            // A page in somebody's browser must not be able to send commands through a form.
            throw new ProtocolViolation("this is not an HTTP port");
        }
        return words;
    }

    private static boolean isHttp(byte[] word) {
        String text = new String(word, StandardCharsets.ISO_8859_1);
        return text.equalsIgnoreCase("POST") || text.equalsIgnoreCase("Host:");
    }

    private boolean skipBlanks() {
        while (at < line.length && isBlank(line[at])) {
            at++;
        }
        return at < line.length;
    }

    private byte[] word() throws ProtocolViolation {
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        while (at < line.length && !isBlank(line[at])) {
            byte b = line[at++];
            if (b == '"' || b == '\'') {
                quoted(b, word);
            } else {
                word.write(b);
            }
        }
        return word.toByteArray();
    }

    /** Reads to the closing quote, which only a blank or the end may follow. */
    private void quoted(byte quote, ByteArrayOutputStream word) throws ProtocolViolation {
        while (at < line.length && line[at] != quote) {
            byte b = line[at++];
            if (b == '\\' && at < line.length) {
                word.write(escaped(quote));
            } else {
                word.write(b);
            }
        }
        boolean closed = at < line.length;
        at++;
        if (!closed || at < line.length && !isBlank(line[at])) {
            throw new ProtocolViolation("unbalanced quotes in request");
        }
    }

    private int escaped(byte quote) {
        byte b = line[at++];
        if (quote == '\'') {
            if (b == '\'') {
                return b;
            }
            at--;
            return '\\';
        }
        if (b == 'x' && at + 1 < line.length && hex(line[at]) >= 0 && hex(line[at + 1]) >= 0) {
            return hex(line[at++]) << 4 | hex(line[at++]);
        }
        return switch (b) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> b;
        };
    }

    private static int hex(byte b) {
        return Character.digit(b, 16);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }
}
