package dev.quorate.operator.resources;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The token that the admin API asks for: one for each cluster, made once. */
public final class TokenSecrets {
    /** The file's name in the pods. */
    public static final String KEY = "token";

    private static final int TOKEN_BYTES = 32;

    private TokenSecrets() {}

    /** @param random must be cryptographically strong */
    public static Secret build(ClusterIdentity cluster, RandomGenerator random) {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        byte[] text = HexFormat.of().formatHex(token).getBytes(StandardCharsets.US_ASCII);
        return new SecretBuilder()
                .withMetadata(
                        cluster.owned(cluster.tokenSecret(), cluster.labels()).build())
                .withType("Opaque")
                .addToData(KEY, Base64.getEncoder().encodeToString(text))
                .build();
    }

    /** The token in a Secret; empty when it holds none. */
    public static Optional<String> token(Secret secret) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(KEY))
                .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII).strip())
                .filter(token -> !token.isEmpty());
    }
}
