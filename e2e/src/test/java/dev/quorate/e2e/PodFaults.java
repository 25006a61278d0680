package dev.quorate.e2e;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Brings faults upon the pods of a cluster: the same for the same seed, whatever the cluster does, but for the choices that depend on how it then is. */
final class PodFaults {
    private static final int GAP_MILLIS_MIN = 500;
    private static final int GAP_MILLIS_MAX = 5_500;
    private static final int CUT_MILLIS_MIN = 500;
    private static final int CUT_MILLIS_MAX = 6_000;

    /** Kubernetes waits ever longer before it starts a container again; from here on for minutes. */
    private static final int RESTARTS_MAX = 3;

    private static final int GROUPS_MIN = 2;
    private static final int GROUPS_MAX = 3;

    private final Demo demo;
    private final Map<PodFault, Integer> done = new EnumMap<>(PodFault.class);
    private int groups;

    /** @param groups that the cluster has */
    PodFaults(Demo demo, int groups) {
        this.demo = demo;
        this.groups = groups;
    }

    private record Due(long atMillis, PodFault fault, long seed) {}

    /** All kinds in random order, and again. */
    private static List<Due> schedule(long seed, long millis) {
        Random random = new Random(seed);
        List<Due> schedule = new ArrayList<>();
        Deque<PodFault> next = new ArrayDeque<>();
        long atMillis = 0;
        while (true) {
            atMillis += random.nextInt(GAP_MILLIS_MIN, GAP_MILLIS_MAX);
            if (atMillis >= millis) {
                return schedule;
            }
            if (next.isEmpty()) {
                List<PodFault> all = new ArrayList<>(PodFault.all());
                Collections.shuffle(all, random);
                next.addAll(all);
            }
            schedule.add(new Due(atMillis, next.poll(), random.nextLong()));
        }
    }

    /** Returns when all are over, those that last included. */
    void bring(long seed, long millis) throws InterruptedException {
        long startNanos = System.nanoTime();
        try (ExecutorService faults = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Due due : schedule(seed, millis)) {
                long passedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
                Thread.sleep(Math.max(0, due.atMillis() - passedMillis));
                faults.execute(() -> inject(due));
            }
        }
    }

    private void inject(Due due) {
        Random random = new Random(due.seed());
        Optional<String> happened = switch (due.fault()) {
            case DELETE_POD -> somebody(random).flatMap(pod -> delete(pod, 10));
            case FORCE_DELETE_POD -> somebody(random).flatMap(pod -> delete(pod, 0));
            case KILL -> somebody(random).filter(PodFaults::mayRestart).flatMap(this::kill);
            case CUT -> somebody(random).flatMap(pod -> cut(pod, random, List.of("INPUT ! -i", "OUTPUT ! -o")));
            case ONE_WAY ->
                somebody(random)
                        .flatMap(pod -> cut(pod, random, List.of(random.nextBoolean() ? "INPUT ! -i" : "OUTPUT ! -o")));
            case KILL_OPERATOR -> killOperator();
            case SCALE -> scale();
        };
        happened.ifPresent(_ -> count(due.fault()));
        Rig.step(due.fault() + " " + happened.orElse("was not possible"));
    }

    private synchronized void count(PodFault fault) {
        done.merge(fault, 1, Integer::sum);
    }

    /** How many there were of each kind. */
    synchronized Map<String, Integer> done() {
        return done.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().words(), Map.Entry::getValue));
    }

    /** How many groups were asked for last. */
    synchronized int groups() {
        return groups;
    }

    /** Every second time the leader of its group, where one is known. */
    private Optional<Pod> somebody(Random random) {
        List<Pod> pods = demo.rig
                .client()
                .pods()
                .inNamespace(demo.namespace)
                .withLabel("quorate.dev/cluster", demo.name)
                .withLabel("quorate.dev/group")
                .list()
                .getItems();
        if (pods.isEmpty()) {
            return Optional.empty();
        }
        Pod any = pods.get(random.nextInt(pods.size()));
        String group = any.getMetadata().getLabels().get("quorate.dev/group");
        String leader = demo.rig
                .tryKubectl(
                        "get", "kvg", "-n", demo.namespace, demo.name + "-g" + group, "-o", "jsonpath={.status.leader}")
                .getStdout();
        return random.nextBoolean()
                ? Optional.of(any)
                : pods.stream()
                        .filter(pod -> pod.getMetadata().getName().equals(leader))
                        .findFirst()
                        .or(() -> Optional.of(any));
    }

    private static boolean mayRestart(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .mapToInt(ContainerStatus::getRestartCount)
                .allMatch(restarts -> restarts < RESTARTS_MAX);
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }

    private Optional<String> delete(Pod pod, long graceSeconds) {
        boolean deleted = !demo.rig
                .client()
                .resource(pod)
                .withGracePeriod(graceSeconds)
                .delete()
                .isEmpty();
        return deleted ? Optional.of(name(pod)) : Optional.empty();
    }

    private Optional<String> kill(Pod pod) {
        return demo.rig
                .process(pod)
                .filter(process -> demo.rig.onNode("kill", "-9", process).getExitCode() == 0)
                .map(_ -> name(pod));
    }

    /** In the pod's network, by a shell that stays in it: so it is whole again in time, whatever becomes of the pod's process. */
    private Optional<String> cut(Pod pod, Random random, List<String> chains) {
        int millis = random.nextInt(CUT_MILLIS_MIN, CUT_MILLIS_MAX);
        String drop = chains.stream()
                .map(chain -> "iptables -w -I " + chain + " lo -j DROP")
                .collect(Collectors.joining(" && "));
        String heal = drop.replace("-w -I", "-w -D");
        return demo.rig
                .process(pod)
                .filter(process -> demo.rig
                                .onNode(
                                        "nsenter",
                                        "-t",
                                        process,
                                        "-n",
                                        "sh",
                                        "-c",
                                        "%s && sleep %d.%03d; %s".formatted(drop, millis / 1000, millis % 1000, heal))
                                .getExitCode()
                        == 0)
                .map(_ -> name(pod) + " for " + millis + " ms (" + drop + ")");
    }

    private Optional<String> killOperator() {
        Operator operator = Operator.working(demo.rig);
        operator.kill();
        return Optional.of(operator.pod());
    }

    private synchronized Optional<String> scale() {
        groups = groups == GROUPS_MIN ? GROUPS_MAX : GROUPS_MIN;
        demo.scale(groups);
        return Optional.of("to " + groups);
    }
}
