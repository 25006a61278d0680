package dev.quorate.cli.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * Clients from kubeconfigs. The client library takes a key without a named algorithm (PKCS #8) for an RSA key; many clusters, k3s among them, issue
 * elliptic-curve keys.
 */
public final class Kubeconfig {
    private static final String PKCS8_BEGIN = "-----BEGIN PRIVATE KEY-----";

    private Kubeconfig() {}

    /** A client for the current context of a kubeconfig's text. */
    public static KubernetesClient client(String yaml) {
        return client(Config.fromKubeconfig(yaml));
    }

    public static KubernetesClient client(Config config) {
        if (config.getClientKeyData() != null && isEllipticCurve(config.getClientKeyData())) {
            config.setClientKeyAlgo("EC");
        }
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static boolean isEllipticCurve(String keyData) {
        String pem = new String(Base64.getMimeDecoder().decode(keyData), StandardCharsets.US_ASCII);
        if (!pem.startsWith(PKCS8_BEGIN)) {
            return false;
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        try {
            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
