package dev.quorate.operator.resources;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/** What all pods that the operator makes may do: what Kubernetes' Pod Security Standard "restricted" allows, on a root file system that is read-only. */
public final class RestrictedSecurity {
    private RestrictedSecurity() {}

    /** @param userId of the processes, of their group, and of the volumes */
    public static PodSecurityContext ofPod(long userId) {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(userId)
                .withRunAsGroup(userId)
                .withFsGroup(userId)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    public static SecurityContext ofContainer() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }
}
