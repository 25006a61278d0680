package dev.quorate.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.cli.kubernetes.Images;
import dev.quorate.cli.kubernetes.WriterPod;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/** A cluster in a namespace of its own, seen and changed through kubectl. */
final class Demo {
    static final Duration READY_TIMEOUT = Duration.ofSeconds(180);
    private static final Duration SCALE_TIMEOUT = Duration.ofSeconds(240);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Demo shared;

    final Rig rig;
    final String namespace;
    final String name;

    Demo(Rig rig, String namespace, String name) {
        this.rig = rig;
        this.namespace = namespace;
        this.name = name;
    }

    /** The cluster of examples/kvcluster.yaml, made when first asked for, ready and balanced over this many groups. */
    static synchronized Demo shared(int groups) {
        if (shared == null) {
            Rig rig = Rig.get();
            shared = new Demo(rig, rig.createNamespace("demo"), "demo");
            rig.apply("demo", example());
        }
        shared.scale(groups);
        shared.awaitBalanced(groups);
        return shared;
    }

    static String example() {
        try {
            return Files.readString(Rig.CHECKOUT.resolve("examples/kvcluster.yaml"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void scale(int groups) {
        Rig.step("scale " + name + " to " + groups);
        rig.kubectl("scale", "-n", namespace, "kvc/" + name, "--replicas=" + groups);
    }

    void setImage(String image) {
        Rig.step("image " + image);
        rig.kubectl(
                "patch",
                "-n",
                namespace,
                "kvc/" + name,
                "--type=merge",
                "-p",
                "{\"spec\":{\"image\":\"" + image + "\"}}");
    }

    /** Ready, every shard at home, as many groups as wanted, and none besides. */
    void awaitBalanced(int groups) {
        Await.until(
                name + " balanced over " + groups + " groups", SCALE_TIMEOUT, () -> rig.diagnosis(namespace), () -> {
                    JsonNode cluster = get();
                    return cluster.at("/status/observedGeneration").asLong()
                                    == cluster.at("/metadata/generation").asLong()
                            && condition(cluster, "Ready", "True")
                            && condition(cluster, "Balanced", "True")
                            && condition(cluster, "Progressing", "False")
                            && cluster.at("/status/groups").asInt() == groups
                            && groupNames().size() == groups;
                });
        Rig.step(name + " balanced over " + groups);
    }

    void awaitCondition(String type, String status, String reasonPart, Duration timeout) {
        Await.until(
                name + " " + type + "=" + status + " " + reasonPart,
                timeout,
                () -> rig.diagnosis(namespace),
                () -> conditionSays(type, status, reasonPart));
    }

    boolean conditionSays(String type, String status, String part) {
        for (JsonNode condition : get().at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)
                    && condition.path("status").asText().equals(status)) {
                return (condition.path("reason").asText() + " "
                                + condition.path("message").asText())
                        .contains(part);
            }
        }
        return false;
    }

    JsonNode get() {
        return json("kvc/" + name);
    }

    JsonNode json(String resource) {
        try {
            return JSON.readTree(rig.kubectl("get", "-n", namespace, resource, "-o", "json"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    List<String> groupNames() {
        return names("kvg");
    }

    List<String> names(String kind) {
        return rig.kubectl("get", "-n", namespace, kind, "-o", "name").lines().toList();
    }

    /** The pod of the group's leader, as the KVGroup's status names it. */
    String leaderPod(int group) {
        String leader = json("kvg/" + name + "-g" + group).at("/status/leader").asText();
        if (leader.isEmpty()) {
            throw new AssertionError("no leader in the status of group " + group);
        }
        return leader;
    }

    WriterPod startWriter(String writerName, String... options) {
        Rig.step("writer " + writerName);
        return WriterPod.start(
                rig.client(),
                namespace,
                writerName,
                "quorate/cli:" + Images.TAG,
                name + "." + namespace + ".svc:6379",
                List.of(options));
    }

    /** How many keys of a writer are there, as a pod sees them. */
    long countKeys(String prefix) {
        return scan("count-" + prefix, prefix + ":").size();
    }

    /** Keys that begin with a prefix, a tab and the value, as a pod of that name sees them. */
    List<String> scan(String pod, String prefix) {
        rig.kubectl(
                "run",
                pod,
                "-n",
                namespace,
                "--restart=Never",
                "--image=quorate/cli:" + Images.TAG,
                "--image-pull-policy=IfNotPresent",
                "--",
                "scan",
                "--grpc",
                name + "." + namespace + ".svc:9000",
                "--limit",
                "1000000",
                prefix);
        Await.until(
                pod + " to be done",
                Duration.ofSeconds(60),
                () -> rig.diagnosis(namespace)
                        + rig.tryKubectl("logs", "-n", namespace, pod).getStdout(),
                () -> json("pod/" + pod).at("/status/phase").asText().equals("Succeeded"));
        List<String> lines = rig.kubectl("logs", "-n", namespace, pod).lines().toList();
        rig.kubectl("delete", "pod", "-n", namespace, pod, "--wait=false");
        return lines;
    }

    /** The id of the youngest group. */
    int lastGroup() {
        return groupNames().stream()
                .mapToInt(group -> Integer.parseInt(group.substring(group.lastIndexOf("-g") + 2)))
                .max()
                .orElseThrow();
    }

    int shardsOf(int group) {
        return json("kvg/" + name + "-g" + group).at("/status/shards").asInt();
    }

    private static boolean condition(JsonNode cluster, String type, String status) {
        for (JsonNode condition : cluster.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals(status);
            }
        }
        return false;
    }
}
