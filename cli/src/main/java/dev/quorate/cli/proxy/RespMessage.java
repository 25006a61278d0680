package dev.quorate.cli.proxy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message of the Redis protocol, version 2 or 3.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">Redis serialization protocol specification</a>
 */
sealed interface RespMessage {
    void writeTo(OutputStream out) throws IOException;

    /** One line: simple strings, errors, numbers, nulls, and commands typed by hand, whose type is 0. */
    record Line(char type, String text) implements RespMessage {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            if (type != 0) {
                out.write(type);
            }
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.write('\r');
            out.write('\n');
        }
    }

    /** Bytes of a given length: strings, long errors, verbatim strings. */
    record Bulk(char type, byte[] bytes) implements RespMessage {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            new Line(type, String.valueOf(bytes.length)).writeTo(out);
            out.write(bytes);
            out.write('\r');
            out.write('\n');
        }
    }

    /** Arrays, sets, pushes; maps and attributes with their keys and values in turn. */
    record Aggregate(char type, List<RespMessage> items) implements RespMessage {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            int count = type == '%' || type == '|' ? items.size() / 2 : items.size();
            new Line(type, String.valueOf(count)).writeTo(out);
            for (RespMessage item : items) {
                item.writeTo(out);
            }
        }
    }
}
