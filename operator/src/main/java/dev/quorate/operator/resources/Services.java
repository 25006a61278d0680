package dev.quorate.operator.resources;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.List;

/** A cluster's Services. Both span all groups, so that they outlive each of them. */
public final class Services {
    private Services() {}

    /** Gives each pod a name; not ready ones too, for they must find one another to become ready. */
    public static Service peers(ClusterIdentity cluster) {
        return new ServiceBuilder()
                .withMetadata(
                        cluster.owned(cluster.peersService(), cluster.labels()).build())
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(cluster.selector())
                .withPorts(List.of(
                        port("redis", Ports.REDIS),
                        port("peer", Ports.PEER),
                        port("admin", Ports.ADMIN),
                        port("grpc", Ports.GRPC),
                        port("http", Ports.HTTP)))
                .endSpec()
                .build();
    }

    /** Where clients start from: any ready node, which redirects to the owner of a key. */
    public static Service clients(ClusterIdentity cluster) {
        return new ServiceBuilder()
                .withMetadata(
                        cluster.owned(cluster.clientService(), cluster.labels()).build())
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(cluster.selector())
                .withPorts(List.of(port("redis", Ports.REDIS), port("grpc", Ports.GRPC)))
                .endSpec()
                .build();
    }

    /** The target is the pods' port of the same number. */
    private static ServicePort port(String name, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(number)
                .withProtocol("TCP")
                .withNewTargetPort(number)
                .build();
    }
}
