package dev.quorate.server.redis;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes requests of a client's bytes, however they are split. A request is an array of bulk strings, or an inline command (a line of words).
 * What it keeps is bounded by the limits whatever a client announces: nothing is allocated before its bytes are there, and a command over a
 * limit is skipped, not stored.
 */
final class RequestParser {
    /** Redis' own bounds of what is a command at all. */
    private static final int ARGUMENTS_MAX = 1 << 20;

    private static final int BULK_BYTES_MAX = 512 << 20;
    private static final int HEADER_BYTES_MAX = 32;
    private static final int CRLF_BYTES = 2;

    private final RedisConfig.Limits limits;
    private List<byte[]> arguments = new ArrayList<>();
    private int argumentsLeft;
    private int bulkBytes = -1;
    private long commandBytes;
    private long skipBytes;
    private String excess;

    RequestParser(RedisConfig.Limits limits) {
        this.limits = limits;
    }

    /** The next request, or null until more bytes are there. Consumes what it understood. */
    Request next(ByteBuf in) throws ProtocolViolation {
        while (true) {
            if (argumentsLeft == 0) {
                if (!in.isReadable()) {
                    return null;
                }
                if (in.getByte(in.readerIndex()) == '*') {
                    if (!beginArray(in)) {
                        return null;
                    }
                } else {
                    byte[] line = line(in);
                    if (line == null) {
                        return null;
                    }
                    List<byte[]> words = InlineCommand.words(line);
                    if (!words.isEmpty()) {
                        return new Request.Command(words, line.length);
                    }
                }
            } else {
                if (!readArgument(in)) {
                    return null;
                }
                if (argumentsLeft == 0) {
                    return finish();
                }
            }
        }
    }

    private boolean beginArray(ByteBuf in) throws ProtocolViolation {
        String header = header(in, "too big mbulk count string");
        if (header == null) {
            return false;
        }
        long count = number(header, ARGUMENTS_MAX, "invalid multibulk length");
        argumentsLeft = (int) Math.max(0, count);
        if (count > limits.arguments()) {
            excess = "a command of " + count + " arguments is too long: the limit is " + limits.arguments();
        }
        return true;
    }

    private boolean readArgument(ByteBuf in) throws ProtocolViolation {
        if (skipBytes == 0 && bulkBytes < 0 && !beginBulk(in)) {
            return false;
        }
        if (skipBytes > 0) {
            int skipped = (int) Math.min(skipBytes, in.readableBytes());
            in.skipBytes(skipped);
            skipBytes -= skipped;
            if (skipBytes > 0) {
                return false;
            }
        } else {
            if (in.readableBytes() < bulkBytes + CRLF_BYTES) {
                return false;
            }
            byte[] argument = new byte[bulkBytes];
            in.readBytes(argument);
            if (in.readByte() != '\r' || in.readByte() != '\n') {
                throw new ProtocolViolation("expected CRLF after a bulk string of " + bulkBytes + " bytes");
            }
            arguments.add(argument);
        }
        bulkBytes = -1;
        argumentsLeft--;
        return true;
    }

    private boolean beginBulk(ByteBuf in) throws ProtocolViolation {
        if (!in.isReadable()) {
            return false;
        }
        char first = (char) (in.getByte(in.readerIndex()) & 0xff);
        if (first != '$') {
            throw new ProtocolViolation("expected '$', got '" + printable(first) + "'");
        }
        String header = header(in, "too big bulk count string");
        if (header == null) {
            return false;
        }
        long length = number(header, BULK_BYTES_MAX, "invalid bulk length");
        if (length < 0) {
            throw new ProtocolViolation("invalid bulk length");
        }
        commandBytes += length;
        if (excess == null && length > limits.valueBytes()) {
            excess = "an argument of " + length + " bytes is too long: keys may have " + limits.keyBytes()
                    + " bytes, values " + limits.valueBytes();
        } else if (excess == null && commandBytes > limits.commandBytes()) {
            excess = "a command of more than " + limits.commandBytes() + " bytes is too long";
        }
        if (excess == null) {
            bulkBytes = (int) length;
        } else {
            arguments.clear();
            skipBytes = length + CRLF_BYTES;
        }
        return true;
    }

    private Request finish() {
        Request request =
                excess == null ? new Request.Command(arguments, (int) commandBytes) : new Request.TooLarge(excess);
        arguments = new ArrayList<>();
        commandBytes = 0;
        excess = null;
        return request;
    }

    /** A line of an inline command, or null until it is complete. */
    private byte[] line(ByteBuf in) throws ProtocolViolation {
        int length = in.bytesBefore(Math.min(in.readableBytes(), limits.inlineBytes()), (byte) '\n');
        if (length < 0) {
            if (in.readableBytes() >= limits.inlineBytes()) {
                throw new ProtocolViolation("too big inline request");
            }
            return null;
        }
        byte[] line = new byte[length];
        in.readBytes(line).skipBytes(1);
        return line;
    }

    /** The number after the type byte of a line that ends in CRLF, or null until the line is complete. */
    private static String header(ByteBuf in, String tooLong) throws ProtocolViolation {
        int end =
                in.forEachByte(in.readerIndex(), Math.min(in.readableBytes(), HEADER_BYTES_MAX), ByteProcessor.FIND_CR);
        if (end < 0) {
            if (in.readableBytes() >= HEADER_BYTES_MAX) {
                throw new ProtocolViolation(tooLong);
            }
            return null;
        }
        if (in.writerIndex() < end + CRLF_BYTES) {
            return null;
        }
        String header = in.toString(in.readerIndex() + 1, end - in.readerIndex() - 1, StandardCharsets.ISO_8859_1);
        in.readerIndex(end + CRLF_BYTES);
        return header;
    }

    private static long number(String header, long max, String otherwise) throws ProtocolViolation {
        try {
            long number = Long.parseLong(header);
            if (number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, as is a number out of range.
        }
        throw new ProtocolViolation(otherwise);
    }

    private static char printable(char c) {
        return c < ' ' || c > '~' ? ' ' : c;
    }
}
