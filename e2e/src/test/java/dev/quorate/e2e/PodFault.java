package dev.quorate.e2e;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** What befalls the pods of a cluster, or is asked of it, while clients use it. */
enum PodFault {
    /** A node's pod is deleted, and its process told to end. */
    DELETE_POD(3),
    /** A node's pod is deleted without any grace: another one may start while the process is there still. */
    FORCE_DELETE_POD(2),
    /** A node's process ends at once (SIGKILL), its group's leader more often than another; Kubernetes starts it again in its pod. */
    KILL(4),
    /** iptables drop all that a pod sends and is sent, for a while. */
    CUT(3),
    /** iptables drop all that a pod sends, or all that it is sent, for a while. */
    ONE_WAY(2),
    /** The operator's process ends at once. */
    KILL_OPERATOR(1),
    /** Another number of groups is asked for, also before the last one was reached. */
    SCALE(2);

    private final int weight;

    PodFault(int weight) {
        this.weight = weight;
    }

    /** So many of each as it weighs. */
    static List<PodFault> all() {
        return Stream.of(values())
                .flatMap(fault -> Collections.nCopies(fault.weight, fault).stream())
                .toList();
    }

    String words() {
        return name().toLowerCase().replace('_', ' ');
    }
}
