package dev.quorate.operator.mapreduce;

import dev.quorate.crds.MapReduceInput;
import dev.quorate.crds.MapReduceJobSpec;
import dev.quorate.operator.resources.ClusterIdentity;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * On which Kubernetes nodes the members of the clusters run that a job reads, by their hosts. Workers go by the names of these nodes, members by those of their pods.
 *
 * <p>It is a hint, given to the coordinator when that is made: pods that move later make a job read over the network, and nothing else.
 */
public final class MemberNodes {
    /** Of all clusters together: an argument of a process has 128 KiB at most, and a Deployment is to be read by people too. */
    static final int WORD_LENGTH_MAX = 32 << 10;

    private MemberNodes() {}

    /** The KVClusters whose keys are the job's input. */
    public static Set<String> clusters(MapReduceJobSpec spec) {
        return spec.input().stream()
                .map(MapReduceInput::keyspace)
                .filter(Objects::nonNull)
                .map(keyspace -> JobDescriptions.cluster(spec, keyspace))
                .collect(Collectors.toSet());
    }

    /** Of the pods that are on a Kubernetes node. */
    public static SortedMap<String, String> of(ClusterIdentity cluster, List<Pod> pods) {
        SortedMap<String, String> nodeByHost = new TreeMap<>();
        for (Pod pod : pods) {
            String node = pod.getSpec().getNodeName();
            if (node != null) {
                nodeByHost.put(cluster.host(pod.getMetadata().getName()), node);
            }
        }
        return nodeByHost;
    }

    /** As {@code quorate mr coordinator --nodes} reads it. Hosts that are too many for one word are left out: their shards are near to nobody. Empty when none is known. */
    static Optional<String> word(SortedMap<String, String> nodeByHost) {
        StringJoiner word = new StringJoiner(",");
        for (Map.Entry<String, String> entry : nodeByHost.entrySet()) {
            String pair = entry.getKey() + "=" + entry.getValue();
            if (word.length() + 1 + pair.length() > WORD_LENGTH_MAX) {
                break;
            }
            word.add(pair);
        }
        return word.length() == 0 ? Optional.empty() : Optional.of(word.toString());
    }
}
