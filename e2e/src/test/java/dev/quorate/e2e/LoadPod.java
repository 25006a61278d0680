package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.Images;
import dev.quorate.cli.nemesis.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code quorate load} as a pod: clients of both kinds that use a cluster all the time, and then verify what they saw. */
final class LoadPod implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(120);
    private static final Duration VERIFICATION_MAX = Duration.ofMinutes(10);
    private static final int ROOT_MEMBERS = 3;
    private static final int SLOW_MAX = 20;
    private static final String HISTORIES = "/tmp/histories";

    /** A checker of histories needs more memory than the other commands of the image. */
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: %1$s
            spec:
              restartPolicy: Never
              automountServiceAccountToken: false
              terminationGracePeriodSeconds: 5
              securityContext: {runAsUser: 0}
              containers:
              - name: load
                image: quorate/cli:%2$s
                imagePullPolicy: IfNotPresent
                command: [java, -XX:+UseSerialGC, -Xmx768m, --enable-native-access=ALL-UNNAMED, --sun-misc-unsafe-memory-access=allow,
                  -cp, /opt/quorate/lib/*, dev.quorate.cli.Quorate]
                args: [load, --admin, "%3$s", --token-file, /token/token, --prefix, %1$s, --seed, "%4$d", --history, %5$s/%1$s.jsonl]
                volumeMounts:
                - {name: token, mountPath: /token, readOnly: true}
                - {name: histories, mountPath: %5$s}
              volumes:
              - name: token
                secret: {secretName: %6$s-token}
              - name: histories
                hostPath: {path: %5$s, type: DirectoryOrCreate}
            """;

    private final Demo demo;
    private final String name;

    private LoadPod(Demo demo, String name) {
        this.demo = demo;
        this.name = name;
    }

    /**
     * Starts it and waits until its clients get answers.
     *
     * @param name of the pod and of its keys; nobody used it before
     */
    static LoadPod start(Demo demo, String name, long seed) {
        Rig.step("load " + name);
        String admins = IntStream.range(0, ROOT_MEMBERS)
                .mapToObj(i -> "%1$s-g1-%2$d.%1$s-peers.%3$s.svc:7381".formatted(demo.name, i, demo.namespace))
                .collect(Collectors.joining(","));
        demo.rig.apply(demo.namespace, POD.formatted(name, Images.TAG, admins, seed, HISTORIES, demo.name));
        LoadPod load = new LoadPod(demo, name);
        Await.until("answers to " + name, START_MAX, load::diagnosis, () -> load.completed() > 100);
        return load;
    }

    private String log() {
        return demo.rig.tryKubectl("logs", "-n", demo.namespace, name).getStdout();
    }

    private long completed() {
        return log().lines()
                .filter(line -> line.startsWith("completed="))
                .reduce((first, second) -> second)
                .map(line -> Long.parseLong(line.substring(line.indexOf('=') + 1)))
                .orElse(0L);
    }

    /** Stops the clients; fails when anything that was promised is not so. */
    Report verify() {
        Rig.step("verification of " + name);
        demo.rig.kubectl("exec", "-n", demo.namespace, name, "--", "sh", "-c", "kill -TERM 1");
        Await.until("an end of " + name, VERIFICATION_MAX, this::diagnosis, () -> {
            String phase = demo.json("pod/" + name).at("/status/phase").asText();
            return phase.equals("Failed") || phase.equals("Succeeded");
        });
        String line = log().lines()
                .filter(each -> each.startsWith("{"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(kept() + diagnosis()));
        Report report = Report.fromJson(line);
        log().lines().filter(each -> each.contains(" slow: ")).limit(SLOW_MAX).forEach(Rig::step);
        report.clients().forEach(client -> Rig.step(client.words() + " " + client.troubles()));
        assertThat(report.verified()).isPositive();
        return report;
    }

    /** Where the history is, if it was kept. */
    private String kept() {
        Path copy = Rig.CHECKOUT.resolve("e2e/target").resolve(name + ".jsonl");
        return demo.rig.tryCopy(HISTORIES + "/" + name + ".jsonl", copy) ? "the history is in " + copy + "\n" : "";
    }

    private String diagnosis() {
        return log() + demo.rig.diagnosis(demo.namespace);
    }

    @Override
    public void close() {
        demo.rig.tryKubectl("delete", "pod", "-n", demo.namespace, name, "--wait=false");
    }
}
