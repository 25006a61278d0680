package dev.quorate.operator.mapreduce;

import dev.quorate.crds.MapReduceJobSpec;
import dev.quorate.crds.MapReduceVolume;
import dev.quorate.crds.SchedulingSpec;
import dev.quorate.operator.resources.RestrictedSecurity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The pods of a job: one container with the command {@code quorate mr}, the job's volumes, and a disk of its own for what is only of use while it runs. A user's
 * image is made from that of the command, so it is found there.
 */
final class JobPods {
    /** The container's name. */
    static final String CONTAINER = "job";

    static final String WORK_MOUNT = "/work";

    private static final long USER_ID = 10001;

    /** Its process has nothing to save: all that counts is in the store or on the volumes. */
    private static final long GRACE_SECONDS = 5;

    /** Half of the memory for the heap; the rest for threads, buffers of the network and the user's own processes. */
    private static final List<String> JAVA = List.of(
            "java",
            "-XX:MaxRAMPercentage=50",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            "/opt/quorate/lib/*",
            "dev.quorate.cli.Quorate",
            "mr");

    private JobPods() {}

    /**
     * @param jvmOptions beyond those of all pods
     * @param command of {@code quorate mr}, after which come the job and the cluster
     * @param scratch most that it may take of the Kubernetes node's disk
     */
    static PodTemplateSpec template(
            JobIdentity job,
            MapReduceJobSpec spec,
            JobDefaults defaults,
            String component,
            List<String> jvmOptions,
            List<String> command,
            ResourceRequirements resources,
            String scratch,
            String restartPolicy) {
        SchedulingSpec scheduling = Objects.requireNonNullElse(spec.scheduling(), new SchedulingSpec(null, null, null));
        List<String> words = new ArrayList<>(JAVA);
        words.addAll(1, jvmOptions);
        words.addAll(command);
        words.addAll(List.of("--job", job.storedName(), "--grpc", job.seeds(spec.cluster())));
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(job.labels(component))
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(restartPolicy)
                .withServiceAccountName(spec.serviceAccountName())
                .withAutomountServiceAccountToken(spec.serviceAccountName() != null)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withSecurityContext(RestrictedSecurity.ofPod(USER_ID))
                .withNodeSelector(scheduling.nodeSelector())
                .withTolerations(scheduling.tolerations())
                .withAffinity(scheduling.affinity())
                .addNewContainer()
                .withName(CONTAINER)
                .withImage(spec.image() == null ? defaults.image() : spec.image())
                .withImagePullPolicy(defaults.pullPolicy())
                .withCommand(words)
                .withWorkingDir(WORK_MOUNT)
                .withEnv(field("POD_IP", "status.podIP"), field("NODE_NAME", "spec.nodeName"))
                .withResources(resources)
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withSecurityContext(RestrictedSecurity.ofContainer())
                .withVolumeMounts(mounts(spec))
                .endContainer()
                .withVolumes(volumes(spec, scratch))
                .endSpec()
                .build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static List<VolumeMount> mounts(MapReduceJobSpec spec) {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(new VolumeMountBuilder()
                .withName("work")
                .withMountPath(WORK_MOUNT)
                .build());
        mounts.add(
                new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build());
        for (int i = 0; i < spec.volumes().size(); i++) {
            MapReduceVolume volume = spec.volumes().get(i);
            mounts.add(new VolumeMountBuilder()
                    .withName("volume-" + i)
                    .withMountPath(volume.mountPath())
                    .withReadOnly(volume.configMap() != null ? Boolean.TRUE : null)
                    .build());
        }
        return mounts;
    }

    private static List<Volume> volumes(MapReduceJobSpec spec, String scratch) {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(ownDisk("work", scratch));
        volumes.add(ownDisk("tmp", "256Mi"));
        for (int i = 0; i < spec.volumes().size(); i++) {
            MapReduceVolume volume = spec.volumes().get(i);
            VolumeBuilder builder = new VolumeBuilder().withName("volume-" + i);
            volumes.add(
                    volume.claim() != null
                            ? builder.withNewPersistentVolumeClaim(volume.claim(), null)
                                    .build()
                            : builder.withNewConfigMap()
                                    .withName(volume.configMap())
                                    .endConfigMap()
                                    .build());
        }
        return volumes;
    }

    private static Volume ownDisk(String name, String size) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity(size))
                .endEmptyDir()
                .build();
    }
}
