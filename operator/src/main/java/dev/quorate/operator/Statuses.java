package dev.quorate.operator;

import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterStatus;
import dev.quorate.crds.KVGroup;
import dev.quorate.crds.KVGroupStatus;
import dev.quorate.operator.status.GroupStatuses;
import dev.quorate.operator.status.Situation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.Collection;

/**
 * Writes statuses: by server-side apply, each from a fresh object that holds nothing else, so that a spec changed meanwhile is not touched;
 * and only when they differ.
 */
final class Statuses {
    private final Context<KVCluster> context;

    Statuses(Context<KVCluster> context) {
        this.context = context;
    }

    void write(KVCluster cluster, KVClusterStatus status) {
        if (status.equals(cluster.getStatus())) {
            return;
        }
        KVCluster fresh = new KVCluster();
        fresh.setMetadata(identity(cluster));
        fresh.setStatus(status);
        context.resourceOperations().serverSideApplyPrimaryStatus(fresh);
    }

    void write(Collection<KVGroup> groups, Situation.Passed situation, Instant now) {
        for (KVGroup group : groups) {
            KVGroupStatus status = GroupStatuses.of(group, situation, now);
            if (group.getMetadata().getDeletionTimestamp() == null && !status.equals(GroupStatuses.comparable(group))) {
                KVGroup fresh = new KVGroup();
                fresh.setMetadata(identity(group));
                fresh.setStatus(status);
                writeIfThere(fresh);
            }
        }
    }

    /** A group that this very pass deleted, or somebody else did, has no status any more. */
    private void writeIfThere(KVGroup fresh) {
        try {
            context.resourceOperations().serverSideApplyStatus(fresh);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    /** With the UID: a status is not for another object of the same name. */
    static ObjectMeta identity(HasMetadata object) {
        return new ObjectMetaBuilder()
                .withNamespace(object.getMetadata().getNamespace())
                .withName(object.getMetadata().getName())
                .withUid(object.getMetadata().getUid())
                .build();
    }
}
