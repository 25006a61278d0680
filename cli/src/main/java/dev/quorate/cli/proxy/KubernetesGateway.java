package dev.quorate.cli.proxy;

import dev.quorate.cli.kubernetes.Kubeconfig;
import dev.quorate.cli.output.UserError;
import dev.quorate.crds.KVCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Goes to members through the API server, by port forwarding. Members announce the DNS name of their pod, which begins with the pod's name. */
public final class KubernetesGateway implements Gateway {
    private static final String CLUSTER_LABEL = "quorate.dev/cluster";
    private static final String GROUP_LABEL = "quorate.dev/group";
    private static final int REDIS_PORT = 6379;

    private final KubernetesClient client;
    private final String namespace;
    private final String cluster;
    private final Map<String, LocalPortForward> forwards = new HashMap<>();

    private KubernetesGateway(KubernetesClient client, String namespace, String cluster) {
        this.client = client;
        this.namespace = namespace;
        this.cluster = cluster;
    }

    /**
     * Finds the cluster.
     *
     * @param namespace empty: the context's
     * @param context of the kubeconfig; empty: its current one
     * @throws UserError when there is no such cluster, or no Kubernetes to be reached
     */
    public static KubernetesGateway open(String cluster, Optional<String> namespace, Optional<String> context) {
        KubernetesClient client = Kubeconfig.client(Config.autoConfigure(context.orElse(null)));
        try {
            String where = namespace.orElseGet(() -> client.getNamespace() == null ? "default" : client.getNamespace());
            if (client.resources(KVCluster.class)
                            .inNamespace(where)
                            .withName(cluster)
                            .get()
                    == null) {
                throw UserError.misused(
                        "there is no KVCluster " + cluster + " in namespace " + where + ". See: kubectl get kvc -A");
            }
            return new KubernetesGateway(client, where, cluster);
        } catch (KubernetesClientException e) {
            client.close();
            throw UserError.failed("Kubernetes at " + client.getMasterUrl() + " does not answer as it should: "
                    + e.getMessage() + ". Choose another with --context or KUBECONFIG.");
        } catch (UserError e) {
            client.close();
            throw e;
        }
    }

    @Override
    public List<String> members() throws IOException {
        try {
            return client
                    .pods()
                    .inNamespace(namespace)
                    .withLabel(CLUSTER_LABEL, cluster)
                    .withLabel(GROUP_LABEL)
                    .list()
                    .getItems()
                    .stream()
                    .map((Pod pod) -> pod.getMetadata().getName())
                    .sorted()
                    .toList();
        } catch (KubernetesClientException e) {
            throw new IOException("the pods can't be listed: " + e.getMessage(), e);
        }
    }

    @Override
    public String memberAt(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    @Override
    public Socket connect(String member) throws IOException {
        try {
            Socket socket = new Socket(
                    InetAddress.getByName("127.0.0.1"), forward(member).getLocalPort());
            socket.setTcpNoDelay(true);
            return socket;
        } catch (KubernetesClientException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private synchronized LocalPortForward forward(String member) {
        LocalPortForward forward = forwards.get(member);
        if (forward == null || !forward.isAlive()) {
            forward = client.pods().inNamespace(namespace).withName(member).portForward(REDIS_PORT);
            forwards.put(member, forward);
        }
        return forward;
    }

    @Override
    public synchronized void close() {
        forwards.values().forEach(ProxyConnection::closeQuietly);
        client.close();
    }
}
