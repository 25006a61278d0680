package dev.quorate.mapreduce.keyspace;

import dev.quorate.client.KvClient;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.OutputFormat;
import dev.quorate.mapreduce.Text;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The pairs of a partition on their way into a keyspace: the lengths of key and value (4 bytes each), key, value. */
public final class StagedPairs implements OutputFormat<Object, Object> {
    /** What a keyspace's prefix and generation may add to a key. */
    private static final int PREFIX_BYTES_MAX = 1024;

    static final int KEY_BYTES_MAX = KvClient.KEY_BYTES_MAX - PREFIX_BYTES_MAX;

    @Override
    public Emitter<Object, Object> open(OutputStream file) {
        DataOutputStream out = new DataOutputStream(file);
        return (key, value) -> {
            byte[] keyBytes = bytes(key, "key", KEY_BYTES_MAX);
            byte[] valueBytes = bytes(value, "value", KvClient.VALUE_BYTES_MAX);
            out.writeInt(keyBytes.length);
            out.writeInt(valueBytes.length);
            out.write(keyBytes);
            out.write(valueBytes);
        };
    }

    private static byte[] bytes(Object value, String what, int max) throws IOException {
        byte[] bytes = switch (value) {
            case null -> new byte[0];
            case Text text -> text.toBytes();
            case byte[] plain -> plain;
            default -> value.toString().getBytes(StandardCharsets.UTF_8);
        };
        if (bytes.length > max) {
            throw new IOException(
                    "a " + what + " of " + bytes.length + " bytes is too long for a keyspace: the limit is " + max);
        }
        return bytes;
    }
}
