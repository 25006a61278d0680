package dev.quorate.server.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {
    private static final RedisConfig.Limits SMALL = new RedisConfig.Limits(16, 32, 64, 4, 48, 8, 128, 4);

    private static final String STREAM = "*2\r\n$3\r\nGET\r\n$1\r\na\r\n" // a command
            + "PING\r\n" // inline
            + "*0\r\n*-1\r\n\r\n\n" // nothing
            + "  set \"a \\x41\\n\" 'it\\'s' \"\"  \n" // inline with quotes
            + "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$33\r\n" + "x".repeat(33) + "\r\n" // a value that is too long
            + "*5\r\n" + "$1\r\na\r\n".repeat(5) // too many arguments
            + "*3\r\n" + ("$30\r\n" + "y".repeat(30) + "\r\n").repeat(3) // too long all together
            + "*1\r\n$4\r\n\r\n\r\n\r\n"; // a value of line ends

    private static final List<String> REQUESTS = List.of(
            "[GET, a]",
            "[PING]",
            "[set, a A\n, it's, ]",
            "an argument of 33 bytes is too long: keys may have 16 bytes, values 32",
            "a command of 5 arguments is too long: the limit is 4",
            "a command of more than 64 bytes is too long",
            "[\r\n\r\n]");

    @Test
    void understandsAStreamHoweverItIsSplit() throws ProtocolViolation {
        byte[] stream = STREAM.getBytes(ISO_8859_1);
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second += 7) {
                assertThat(parse(stream, first, second))
                        .as("split at %d and %d", first, second)
                        .isEqualTo(REQUESTS);
            }
        }
        assertThat(parse(stream, IntStream.range(0, stream.length).toArray())).isEqualTo(REQUESTS);
    }

    private static List<String> parse(byte[] stream, int... splits) throws ProtocolViolation {
        RequestParser parser = new RequestParser(SMALL);
        ByteBuf in = Unpooled.buffer();
        List<String> requests = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= splits.length; i++) {
            int to = i < splits.length ? splits[i] : stream.length;
            in.writeBytes(stream, from, to - from);
            from = to;
            for (Request next = parser.next(in); next != null; next = parser.next(in)) {
                requests.add(describe(next));
            }
        }
        return requests;
    }

    private static String describe(Request request) {
        return switch (request) {
            case Request.Command command ->
                command.arguments().stream()
                        .map(argument -> new String(argument, ISO_8859_1))
                        .toList()
                        .toString();
            case Request.TooLarge(String reason) -> reason;
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*abc\\r\\n | invalid multibulk length",
                "*1048577\\r\\n | invalid multibulk length",
                "*99999999999999999999\\r\\n | invalid multibulk length",
                "*1111111111111111111111111111111 | too big mbulk count string",
                "*1\\r\\n:1\\r\\n | expected '$', got ':'",
                "*1\\r\\nabc | expected '$', got 'a'",
                "*1\\r\\n$-1\\r\\n | invalid bulk length",
                "*1\\r\\n$536870913\\r\\n | invalid bulk length",
                "*1\\r\\n$x\\r\\n | invalid bulk length",
                "*1\\r\\n$1111111111111111111111111111111 | too big bulk count string",
                "*1\\r\\n$1\\r\\nab\\r\\n | expected CRLF after a bulk string of 1 bytes",
                "\"abc\\r\\n | unbalanced quotes in request",
                "\"a\"b\\r\\n | unbalanced quotes in request",
                "POST / HTTP/1.1\\r\\n | this is not an HTTP port",
                "0123456789012345678901234567890123456789012345678 | too big inline request",
            })
    void refusesWhatIsNoRequest(String bytes, String reason) {
        byte[] stream = bytes.translateEscapes().getBytes(ISO_8859_1);

        assertThatThrownBy(() -> parse(stream))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage(reason);
        assertThatThrownBy(() -> parse(stream, IntStream.range(0, stream.length).toArray()))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage(reason);
    }

    /** Whatever comes in: requests within the limits, or a violation; never another failure, and never more kept than came in. */
    @Test
    void survivesGarbage() {
        long seed = Long.getLong("quorate.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] alphabet = "*$:+-\r\n0123456789 \"'\\xabc\0\u00ff".getBytes(ISO_8859_1);
        for (int round = 0; round < 20_000; round++) {
            byte[] stream = garbage(random, alphabet);
            try {
                for (String request : parse(stream, random.nextInt(stream.length + 1))) {
                    assertThat(request.length()).isLessThan(200);
                }
            } catch (ProtocolViolation e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("replay with -Dtest=RequestParserTest -Dquorate.seed=" + seed, e);
            }
        }
    }

    /** The good stream with some of its bytes exchanged, or nothing but bytes of the alphabet. */
    private static byte[] garbage(Random random, byte[] alphabet) {
        byte[] stream = random.nextBoolean() ? STREAM.getBytes(ISO_8859_1) : new byte[random.nextInt(64)];
        int exchanged = stream.length > 64 ? 1 + random.nextInt(4) : stream.length;
        for (int i = 0; i < exchanged; i++) {
            int at = exchanged == stream.length ? i : random.nextInt(stream.length);
            stream[at] = alphabet[random.nextInt(alphabet.length)];
        }
        return stream;
    }
}
