package dev.quorate.operator.resources;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Short names for what objects say. */
public final class Digests {
    private static final int DIGEST_BYTES = 8;

    private Digests() {}

    /** Equal for objects of equal JSON, wherever and whenever it is computed. */
    public static String of(Object... objects) {
        try {
            byte[] json = Serialization.asJson(Arrays.asList(objects)).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
