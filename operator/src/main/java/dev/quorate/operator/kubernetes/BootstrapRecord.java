package dev.quorate.operator.kubernetes;

import dev.quorate.api.Member;
import dev.quorate.control.Platform.PlatformException;
import dev.quorate.crds.KVGroup;
import dev.quorate.crds.KVGroupStatus;
import dev.quorate.crds.KVGroupStatus.BootstrapMember;
import dev.quorate.operator.resources.ClusterIdentity;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;

/**
 * Whom a group is bootstrapped with, in its KVGroup's {@code status.members}. A field manager of its own writes it, so that the status which is
 * made anew by every pass leaves it alone.
 */
public final class BootstrapRecord {
    private static final String FIELD_MANAGER = "quorate-bootstrap-record";

    private final KubernetesClient client;
    private final ClusterIdentity cluster;

    BootstrapRecord(KubernetesClient client, ClusterIdentity cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    /** The members on record; empty when there are none, or no KVGroup. */
    static List<Member> read(KVGroup group) {
        return group == null || group.getStatus() == null || group.getStatus().members() == null
                ? List.of()
                : group.getStatus().members().stream()
                        .map(BootstrapRecord::member)
                        .toList();
    }

    /**
     * Writes the record once. It is read from the API server, not from a watch, and the write is fenced by the version that was read.
     *
     * @throws PlatformException when another set is on record, or there is no KVGroup yet
     */
    void keep(int group, List<Member> members) {
        String name = cluster.groupName(group);
        KVGroup found = client.resources(KVGroup.class)
                .inNamespace(cluster.namespace())
                .withName(name)
                .get();
        if (found == null) {
            throw new PlatformException(
                    "KVGroup " + name + " is not there yet; the members are recorded once it is", null);
        }
        List<Member> recorded = read(found);
        if (recorded.equals(members)) {
            return;
        }
        if (!recorded.isEmpty()) {
            throw new PlatformException(
                    "KVGroup " + name + " has other members on record; a group is bootstrapped with one set, once",
                    null);
        }
        KVGroup record = new KVGroup();
        record.setMetadata(new ObjectMetaBuilder()
                .withNamespace(cluster.namespace())
                .withName(name)
                .withUid(found.getMetadata().getUid())
                .withResourceVersion(found.getMetadata().getResourceVersion())
                .build());
        record.setStatus(new KVGroupStatus(
                null,
                null,
                null,
                null,
                members.stream().map(BootstrapRecord::entry).toList(),
                null,
                null));
        client.resource(record)
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(FIELD_MANAGER)
                        .withForce(true)
                        .build());
    }

    /** A member, as a KVGroup shows it. */
    public static BootstrapMember entry(Member member) {
        return new BootstrapMember(
                member.getId(),
                member.getName(),
                member.getHost(),
                member.getPeerPort(),
                member.getRedisPort(),
                member.getGrpcPort(),
                member.getAdminPort(),
                member.getHttpPort());
    }

    private static Member member(BootstrapMember entry) {
        return Member.newBuilder()
                .setId(entry.id())
                .setName(entry.name())
                .setHost(entry.host())
                .setPeerPort(entry.peerPort())
                .setRedisPort(entry.redisPort())
                .setGrpcPort(entry.grpcPort())
                .setAdminPort(entry.adminPort())
                .setHttpPort(entry.httpPort())
                .build();
    }
}
