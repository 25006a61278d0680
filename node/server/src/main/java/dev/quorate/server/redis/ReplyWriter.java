package dev.quorate.server.redis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes replies in RESP2 or RESP3. */
final class ReplyWriter {
    private ReplyWriter() {}

    static void write(Reply reply, int protocol, ByteBuf out) {
        boolean resp3 = protocol >= 3;
        switch (reply) {
            case Reply.Status(String text) -> line(out, '+', text);
            case Reply.Failure(String text) ->
                line(out, '-', text.replace('\r', ' ').replace('\n', ' '));
            case Reply.Number(long value) -> line(out, ':', Long.toString(value));
            case Reply.Bulk(byte[] bytes) -> bulk(out, '$', "", bytes);
            case Reply.Text(String text) ->
                bulk(out, resp3 ? '=' : '$', resp3 ? "txt:" : "", text.getBytes(StandardCharsets.UTF_8));
            case Reply.Nil() -> line(out, resp3 ? '_' : '$', resp3 ? "" : "-1");
            case Reply.Items(List<Reply> items) -> aggregate(out, '*', items.size(), items, protocol);
            case Reply.Unordered(List<Reply> items) -> aggregate(out, resp3 ? '~' : '*', items.size(), items, protocol);
            case Reply.Pairs(List<Reply> pairs) ->
                aggregate(out, resp3 ? '%' : '*', resp3 ? pairs.size() / 2 : pairs.size(), pairs, protocol);
        }
    }

    private static void line(ByteBuf out, char type, String text) {
        out.writeByte(type);
        ByteBufUtil.writeUtf8(out, text);
        crlf(out);
    }

    private static void bulk(ByteBuf out, char type, String prefix, byte[] bytes) {
        line(out, type, Integer.toString(prefix.length() + bytes.length));
        ByteBufUtil.writeAscii(out, prefix);
        out.writeBytes(bytes);
        crlf(out);
    }

    private static void aggregate(ByteBuf out, char type, int size, List<Reply> items, int protocol) {
        line(out, type, Integer.toString(size));
        for (Reply item : items) {
            write(item, protocol, out);
        }
    }

    private static void crlf(ByteBuf out) {
        out.writeByte('\r').writeByte('\n');
    }
}
