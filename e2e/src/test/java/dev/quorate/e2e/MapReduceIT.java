package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quorate.cli.kubernetes.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Container.ExecResult;

/** MapReduceJobs as users see them: the example, pods that die, a job that is held, jobs that can't be, and what is left of a deleted one. */
class MapReduceIT {
    private static final String NAMESPACE = "mapreduce";
    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final int TEXTS = 12;
    private static final String CLUSTER = """
            apiVersion: quorate.dev/v1alpha1
            kind: KVCluster
            metadata:
              name: demo
            spec:
              groups: 1
              replicas: 1
              shards: 8
              storage:
                size: 256Mi
            """;

    /** Sees the volume that jobs write to. */
    private static final String SHELL = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: shell
            spec:
              terminationGracePeriodSeconds: 0
              securityContext:
                fsGroup: 10001
              containers:
                - name: shell
                  image: quorate/cli:%s
                  imagePullPolicy: IfNotPresent
                  command: [sleep, "3600"]
                  volumeMounts:
                    - name: shared
                      mountPath: /shared
              volumes:
                - name: shared
                  persistentVolumeClaim:
                    claimName: wordcount
            """.formatted(Images.TAG);

    /** Counts words by commands, two seconds for each text. */
    private static final String SLOW_JOB = """
            apiVersion: quorate.dev/v1alpha1
            kind: MapReduceJob
            metadata:
              name: %s
            spec:
              cluster: demo
              suspend: %s
              volumes:
                - mountPath: /texts
                  configMap: slow-texts
                - mountPath: /shared
                  claim: wordcount
              input:
                - files: /texts/text-*
              map:
                command: "sleep 2; tr -s ' ' '\\\\n'"
              reduce:
                command: uniq -c
              reducers: 3
              output:
                files: /shared/%s
              workers:
                count: 2
                resources: {requests: {cpu: 50m, memory: 128Mi}, limits: {memory: 512Mi}}
            """;

    private static final Map<String, Long> SLOW_COUNTS = new TreeMap<>();
    private static Rig rig;
    private static Demo cluster;

    @BeforeAll
    static void makeCluster() {
        rig = Rig.get();
        cluster = new Demo(rig, rig.createNamespace(NAMESPACE), "demo");
        rig.apply(NAMESPACE, CLUSTER);
        rig.apply(NAMESPACE, slowTexts());
        cluster.awaitBalanced(1);
    }

    @AfterAll
    static void deleteAll() {
        rig.kubectl("delete", "namespace", NAMESPACE, "--wait=true", "--timeout=120s");
    }

    private static String slowTexts() {
        Random random = new Random(7);
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: slow-texts\ndata:\n"
                + IntStream.range(0, TEXTS)
                        .mapToObj(text -> {
                            String words = random.ints(200, 0, 60)
                                    .mapToObj(word -> "w" + word)
                                    .peek(word -> SLOW_COUNTS.merge(word, 1L, Long::sum))
                                    .collect(Collectors.joining(" "));
                            return "  text-%02d: \"%s\\n\"\n".formatted(text, words);
                        })
                        .collect(Collectors.joining());
    }

    @Test
    void theExampleCountsWords() throws IOException {
        String example = Files.readString(Rig.CHECKOUT.resolve("examples/mapreduce-wordcount.yaml"));
        rig.apply(NAMESPACE, example);
        rig.kubectl("wait", "-n", NAMESPACE, "mrj/wordcount", "--for=condition=Complete", "--timeout=120s");

        JsonNode job = cluster.json("mrj/wordcount");
        assertThat(rig.kubectl("get", "-n", NAMESPACE, "mrj"))
                .contains("PHASE", "MAPS", "REDUCES", "STRAGGLERS", "AGE", "Succeeded", "3/3", "4/4");
        assertThat(rig.kubectl("describe", "-n", NAMESPACE, "mrj", "wordcount"))
                .contains("map input records", "Mapping", "Succeeded");

        String generation = job.at("/metadata/uid").asText();
        Map<String, String> expected = new TreeMap<>();
        words(example).forEach((word, count) -> expected.put("count:" + generation + "/" + word, "" + count));
        expected.put("count:current", generation);
        Map<String, String> found = new TreeMap<>();
        for (String line : cluster.scan("counts", "count:")) {
            found.put(line.split("\t")[0], line.split("\t")[1]);
        }
        assertThat(found).isEqualTo(expected);

        rig.kubectl("delete", "-n", NAMESPACE, "mrj/wordcount", "--timeout=60s");
        assertNothingIsLeft("wordcount");
        assertThat(cluster.scan("counts-after", "count:current"))
                .as("the output stays")
                .hasSize(1);
    }

    /** The sequential reference: what lies between blanks, in the texts of the ConfigMap. */
    private static Map<String, Long> words(String example) {
        return example.substring(example.indexOf("\ndata:") + 6)
                .lines()
                .filter(line -> line.startsWith("    "))
                .flatMap(line -> Stream.of(line.strip().split("\\s+")))
                .collect(Collectors.groupingBy(word -> word, Collectors.counting()));
    }

    @Test
    void aJobThatLosesACoordinatorAndAWorkerAndIsHeldForAWhileGivesWhatItWouldHaveGiven() {
        rig.apply(NAMESPACE, SLOW_JOB.formatted("deaths", "false", "deaths"));
        awaitVolume();
        awaitMaps("deaths", 2);
        kill("deaths", "coordinator");
        awaitMaps("deaths", 4);
        suspend("deaths", true);
        awaitPhase("deaths", "Suspended");
        Await.until(
                "no pods of a held job",
                TIMEOUT,
                MapReduceIT::diagnosis,
                () -> pods("deaths").isEmpty());
        suspend("deaths", false);
        awaitPhase("deaths", "Mapping");
        awaitMaps("deaths", 8);
        kill("deaths", "worker");
        rig.kubectl("wait", "-n", NAMESPACE, "mrj/deaths", "--for=condition=Complete", "--timeout=150s");

        JsonNode status = cluster.json("mrj/deaths").path("status");
        assertThat(status.path("coordinators").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(status.path("maps").asText()).isEqualTo(TEXTS + "/" + TEXTS);
        assertThat(shell("ls /shared/deaths").lines())
                .containsExactly("_SUCCESS", "part-00000", "part-00001", "part-00002");
        Map<String, Long> found = new TreeMap<>();
        shell("cat /shared/deaths/part-*").lines().forEach(line -> {
            String[] words = line.strip().split("\\s+");
            found.put(words[1], Long.parseLong(words[0]));
        });
        assertThat(found).isEqualTo(SLOW_COUNTS);
        assertThat(refusal("deaths", "{\"spec\":{\"reducers\":9}}")).contains("of a job only spec.suspend");
    }

    @Test
    void aJobThatIsDeletedBeforeItsEndLeavesNothing() {
        rig.apply(NAMESPACE, SLOW_JOB.formatted("cancelled", "false", "cancelled"));
        awaitVolume();
        awaitMaps("cancelled", 1);
        assertThat(shell("ls /shared/cancelled")).contains("_attempts");
        rig.kubectl("delete", "-n", NAMESPACE, "mrj/cancelled", "--timeout=120s");
        assertNothingIsLeft("cancelled");
        assertThat(shell("ls /shared")).doesNotContain("cancelled");
    }

    @Test
    void whatCanNotBeIsSaidAndLeavesOthersAlone() {
        awaitVolume();
        shell("mkdir -p /shared/taken && echo mine > /shared/taken/file");
        String good = SLOW_JOB.replace("sleep 2; ", "").replace("count: 2", "count: 1");
        rig.apply(NAMESPACE, good.formatted("bad-output", "false", "taken"));
        rig.apply(NAMESPACE, good.formatted("bad-input", "false", "o1").replace("/texts/text-*", "/texts/none-*"));
        rig.apply(NAMESPACE, good.formatted("bad-command", "false", "o2").replace("uniq -c", "no-such-command -c"));
        rig.apply(
                NAMESPACE,
                good.formatted("bad-class", "false", "o3").replace("command: uniq -c", "java: demo.NoSuchReducer"));
        rig.apply(NAMESPACE, good.formatted("no-cluster", "false", "o4").replace("cluster: demo", "cluster: nowhere"));

        awaitCondition("bad-output", "Failed", "NotRunnable", "/shared/taken exists");
        awaitCondition("bad-input", "Failed", "NotRunnable", "/texts/none-*");
        awaitCondition("bad-command", "Failed", "NotRunnable", "no-such-command");
        awaitCondition("bad-class", "Failed", "NotRunnable", "demo.NoSuchReducer");
        awaitCondition("no-cluster", "Degraded", "ClusterNotFound", "no KVCluster nowhere");
        rig.kubectl(
                "delete",
                "-n",
                NAMESPACE,
                "mrj",
                "bad-output",
                "bad-input",
                "bad-command",
                "bad-class",
                "no-cluster",
                "--timeout=60s");
        assertThat(shell("cat /shared/taken/file")).isEqualTo("mine\n");
        assertThat(shell("ls /shared")).doesNotContain("o1", "o2", "o3", "o4");
    }

    /** The claim and a pod that sees it, whichever test comes first. */
    private static void awaitVolume() {
        try {
            String example = Files.readString(Rig.CHECKOUT.resolve("examples/mapreduce-wordcount.yaml"));
            rig.apply(NAMESPACE, example.substring(example.indexOf("\n---\n") + 5, example.lastIndexOf("\n---\n")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        rig.apply(NAMESPACE, SHELL);
        rig.kubectl("wait", "-n", NAMESPACE, "pod/shell", "--for=condition=Ready", "--timeout=60s");
    }

    private static String shell(String command) {
        return rig.kubectl("exec", "-n", NAMESPACE, "shell", "--", "sh", "-c", command);
    }

    private static void suspend(String job, boolean held) {
        Rig.step(job + (held ? " is held" : " goes on"));
        rig.kubectl(
                "patch", "-n", NAMESPACE, "mrj/" + job, "--type=merge", "-p", "{\"spec\":{\"suspend\":" + held + "}}");
    }

    private static void awaitPhase(String job, String phase) {
        Await.until(
                job + " " + phase,
                TIMEOUT,
                MapReduceIT::diagnosis,
                () -> cluster.json("mrj/" + job).at("/status/phase").asText().equals(phase));
    }

    private static void awaitMaps(String job, int committed) {
        Await.until(committed + " maps of " + job, TIMEOUT, MapReduceIT::diagnosis, () -> {
            String maps = cluster.json("mrj/" + job).at("/status/maps").asText();
            return !maps.isEmpty() && Integer.parseInt(maps.split("/")[0]) >= committed;
        });
        Rig.step(job + ": " + cluster.json("mrj/" + job).at("/status/maps").asText() + " maps");
    }

    private static void awaitCondition(String job, String type, String reason, String part) {
        Await.until(job + " " + type + " " + reason, TIMEOUT, MapReduceIT::diagnosis, () -> {
            for (JsonNode condition : cluster.json("mrj/" + job).at("/status/conditions")) {
                if (condition.path("type").asText().equals(type)
                        && condition.path("status").asText().equals("True")) {
                    return condition.path("reason").asText().equals(reason)
                            && condition.path("message").asText().contains(part);
                }
            }
            return false;
        });
    }

    private static List<String> pods(String job) {
        return rig.kubectl("get", "pod", "-n", NAMESPACE, "-l", "quorate.dev/job=" + job, "-o", "name")
                .lines()
                .toList();
    }

    /** At once, as a machine that loses its power: no grace. */
    private static void kill(String job, String component) {
        String pod = rig.kubectl(
                        "get",
                        "pod",
                        "-n",
                        NAMESPACE,
                        "-l",
                        "quorate.dev/job=" + job + ",app.kubernetes.io/component=mapreduce-" + component,
                        "-o",
                        "name")
                .lines()
                .findFirst()
                .orElseThrow();
        Rig.step("kill " + pod);
        rig.kubectl("delete", "-n", NAMESPACE, pod, "--grace-period=0", "--force", "--wait=false");
    }

    private static String refusal(String job, String patch) {
        ExecResult result = rig.tryKubectl("patch", "-n", NAMESPACE, "mrj/" + job, "--type=merge", "-p", patch);
        assertThat(result.getExitCode()).isNotZero();
        return result.getStderr();
    }

    /** No object, and no key of its state. */
    private static void assertNothingIsLeft(String job) {
        Await.until(
                "nothing of " + job,
                Duration.ofSeconds(60),
                MapReduceIT::diagnosis,
                () -> rig.kubectl(
                                "get",
                                "mrj,job,deploy,rs,pod",
                                "-n",
                                NAMESPACE,
                                "-l",
                                "quorate.dev/job=" + job,
                                "-o",
                                "name")
                        .isBlank());
        assertThat(cluster.scan("state-of-" + job, "{mr:" + job + "-")).isEmpty();
    }

    private static String diagnosis() {
        return rig.diagnosis(NAMESPACE)
                + rig.tryKubectl(
                                "logs",
                                "-n",
                                NAMESPACE,
                                "-l",
                                "quorate.dev/job",
                                "--prefix",
                                "--tail=20",
                                "--ignore-errors")
                        .getStdout();
    }
}
