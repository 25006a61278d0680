package dev.quorate.cli.proxy;

import dev.quorate.cli.proxy.RespMessage.Aggregate;
import dev.quorate.cli.proxy.RespMessage.Bulk;
import dev.quorate.cli.proxy.RespMessage.Line;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads messages one by one. What no sane peer sends is a {@link ProtocolException}: the connection is then closed. */
final class RespReader {
    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final int BULK_BYTES_MAX = 16 << 20;
    private static final int ITEMS_MAX = 1 << 20;
    private static final int DEPTH_MAX = 16;

    private final BufferedInputStream in;

    RespReader(InputStream in) {
        this.in = new BufferedInputStream(in, 64 << 10);
    }

    /** Whether the next read would not wait. */
    boolean hasMore() throws IOException {
        return in.available() > 0;
    }

    /** The next message, or null at the end of the stream. */
    RespMessage read() throws IOException {
        int type = in.read();
        return type < 0 ? null : read(type, 0);
    }

    private RespMessage read(int type, int depth) throws IOException {
        return switch (type) {
            case '+', '-', ':', '_', '#', ',', '(' -> new Line((char) type, line());
            case '$', '!', '=' -> bulk((char) type);
            case '*', '~', '>', '%', '|' -> aggregate((char) type, depth);
            default -> new Line((char) 0, (char) type + line());
        };
    }

    private RespMessage bulk(char type) throws IOException {
        String text = line();
        int length = number(text, BULK_BYTES_MAX);
        if (length < 0) {
            return new Line(type, text);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new ProtocolException("a string of " + length + " bytes does not end where it should");
        }
        return new Bulk(type, bytes);
    }

    private RespMessage aggregate(char type, int depth) throws IOException {
        String text = line();
        int count = number(text, ITEMS_MAX);
        if (count < 0) {
            return new Line(type, text);
        }
        if (depth == DEPTH_MAX) {
            throw new ProtocolException("arrays are nested too deeply");
        }
        int items = type == '%' || type == '|' ? count * 2 : count;
        List<RespMessage> read = new ArrayList<>(Math.min(items, 1024));
        for (int i = 0; i < items; i++) {
            int itemType = in.read();
            if (itemType < 0) {
                throw new EOFException("the connection ended within an array");
            }
            read.add(read(itemType, depth + 1));
        }
        return new Aggregate(type, read);
    }

    private static int number(String text, int max) throws ProtocolException {
        try {
            int number = Integer.parseInt(text);
            if (number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new ProtocolException("not a length: " + text);
        }
        throw new ProtocolException("a length above " + max + ": " + text);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended within a line");
            }
            if (line.length() == LINE_BYTES_MAX) {
                throw new ProtocolException("a line above " + LINE_BYTES_MAX + " bytes");
            }
            line.append((char) c);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    /** The words of a command, at most the first two, in capitals. */
    static List<String> command(RespMessage message) {
        return switch (message) {
            case Aggregate array ->
                array.items().stream()
                        .limit(2)
                        .map(item -> item instanceof Bulk bulk
                                ? new String(
                                                bulk.bytes(),
                                                0,
                                                Math.min(bulk.bytes().length, 32),
                                                StandardCharsets.ISO_8859_1)
                                        .toUpperCase()
                                : "")
                        .toList();
            case Line line ->
                List.of(line.text().toUpperCase().split(" ")).stream().limit(2).toList();
            case Bulk bulk -> List.of();
        };
    }
}
