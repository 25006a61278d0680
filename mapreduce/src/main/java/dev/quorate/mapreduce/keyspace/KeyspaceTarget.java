package dev.quorate.mapreduce.keyspace;

import java.nio.charset.StandardCharsets;

/**
 * A keyspace as output. A pair's key in the cluster is {@code PREFIX GENERATION / KEY}; which generation readers are to use is in the key
 * {@code PREFIX current}.
 *
 * @param seeds {@code HOST:PORT[,HOST:PORT...]}
 * @param generation of the job alone
 */
public record KeyspaceTarget(String seeds, String prefix, String generation) {
    byte[] pointer() {
        return (prefix + "current").getBytes(StandardCharsets.UTF_8);
    }

    byte[] keyPrefix() {
        return keyPrefix(generation);
    }

    byte[] keyPrefix(String ofGeneration) {
        return (prefix + ofGeneration + "/").getBytes(StandardCharsets.UTF_8);
    }
}
