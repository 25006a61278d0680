package dev.quorate.operator;

import dev.quorate.control.Platform.PlatformException;
import dev.quorate.operator.resources.ClusterIdentity;
import dev.quorate.operator.resources.TokenSecrets;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;

/** The clusters' admin tokens. Read when needed rather than watched: a watch would need leave to list every Secret. */
final class Tokens {
    private final KubernetesClient client;
    private final SecureRandom random = new SecureRandom();

    Tokens(KubernetesClient client) {
        this.client = client;
    }

    /** The cluster's token, made if there is none. Of two makers one wins, and both get its token. */
    String of(ClusterIdentity cluster) {
        Secret secret = read(cluster);
        if (secret == null) {
            try {
                secret = client.resource(TokenSecrets.build(cluster, random)).create();
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
                secret = read(cluster);
            }
        }
        if (secret == null || !cluster.owns(secret)) {
            throw new PlatformException(
                    "Secret " + cluster.tokenSecret()
                            + " exists and is not this cluster's, or a deleted cluster of this name"
                            + " still has it: delete it, or name the cluster otherwise",
                    null);
        }
        return TokenSecrets.token(secret)
                .orElseThrow(() -> new PlatformException(
                        "Secret " + cluster.tokenSecret() + " has no key " + TokenSecrets.KEY
                                + ": put the token back, or delete the Secret and the cluster's pods to have a new one",
                        null));
    }

    private Secret read(ClusterIdentity cluster) {
        return client.secrets()
                .inNamespace(cluster.namespace())
                .withName(cluster.tokenSecret())
                .get();
    }
}
