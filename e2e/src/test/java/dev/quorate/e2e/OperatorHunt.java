package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.GroupState;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.ShardMap;
import dev.quorate.client.AdminClient;
import dev.quorate.client.QuorateException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kills the operator at each step: it looks at a member of the root group all the time, as fast as that answers, and when something is at a step at which the
 * operator was not killed yet, it is.
 */
final class OperatorHunt implements AutoCloseable {
    private static final int SCALINGS_MAX = 4;
    private static final Duration SCALING_MAX = Duration.ofSeconds(240);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(3);
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata:
              name: root-admin
            spec:
              type: NodePort
              selector: {quorate.dev/cluster: %s, quorate.dev/group: "1"}
              ports:
              - {port: 7381, nodePort: %d}
            """;

    private final Demo demo;
    private final AdminClient rootMember;
    private final EnumSet<MoveStep> left = EnumSet.allOf(MoveStep.class);

    /** Of a cluster in which nothing but the operator fails meanwhile. */
    OperatorHunt(Demo demo) {
        this.demo = demo;
        demo.rig.apply(demo.namespace, SERVICE.formatted(demo.name, Rig.NODE_PORT));
        String token = demo.rig
                .client()
                .secrets()
                .inNamespace(demo.namespace)
                .withName(demo.name + "-token")
                .get()
                .getData()
                .get("token");
        this.rootMember = new AdminClient(
                demo.rig.nodePort(),
                new String(Base64.getDecoder().decode(token), StandardCharsets.US_ASCII).strip(),
                CALL_TIMEOUT);
    }

    /** What a member of the root group knew at one moment. */
    private record Look(ShardMap map, NodeDescription member) {
        Set<MoveStep> steps() {
            return Stream.of(MoveStep.values())
                    .filter(step -> step.holds(map, member))
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(MoveStep.class)));
        }

        boolean settled(int groups) {
            IntSummaryStatistics shards = map.getGroupsList().stream()
                    .mapToInt(group -> (int) map.getOwnerList().stream()
                            .filter(owner -> owner == group.getId())
                            .count())
                    .summaryStatistics();
            return map.getGroupsCount() == groups
                    && map.getGroupsList().stream().allMatch(group -> group.getState() == GroupState.ACTIVE)
                    && map.getMovesCount() == 0
                    && shards.getMax() - shards.getMin() <= 1;
        }
    }

    /**
     * Scales out and in again, until it was killed at each step.
     *
     * @return how often it was killed
     */
    int run(int fewer, int more) {
        for (int scaling = 0; scaling < SCALINGS_MAX && !left.isEmpty(); scaling++) {
            int groups = scaling % 2 == 0 ? more : fewer;
            demo.scale(groups);
            huntUntilSettled(groups);
            demo.awaitBalanced(groups);
        }
        assertThat(left).as("steps that were never seen").isEmpty();
        return MoveStep.values().length;
    }

    private void huntUntilSettled(int groups) {
        Operator operator = Operator.working(demo.rig);
        long endNanos = System.nanoTime() + SCALING_MAX.toNanos();
        while (true) {
            Look look = look();
            // Those that come later are shorter, and seldom seen.
            List<MoveStep> hit = new ArrayList<>(look.steps());
            hit.retainAll(left);
            if (!hit.isEmpty()) {
                MoveStep step = hit.getLast();
                operator.kill();
                Rig.step("operator killed at " + step + "; there was " + look.steps() + ", then " + look().steps());
                left.remove(step);
                operator.endLease();
                operator = Operator.working(demo.rig);
            } else if (look.settled(groups)) {
                return;
            } else if (System.nanoTime() > endNanos) {
                throw new AssertionError(
                        groups + " groups did not settle; the map: " + look.map() + demo.rig.diagnosis(demo.namespace));
            }
        }
    }

    private Look look() {
        Optional<Look> seen = Optional.empty();
        long endNanos = System.nanoTime() + SCALING_MAX.toNanos();
        while (seen.isEmpty()) {
            try {
                seen = Optional.of(new Look(rootMember.map(false).getMap(), rootMember.describe()));
            } catch (QuorateException e) {
                if (System.nanoTime() > endNanos) {
                    throw e;
                }
            }
        }
        return seen.get();
    }

    @Override
    public void close() {
        rootMember.close();
        demo.rig.tryKubectl("delete", "service", "-n", demo.namespace, "root-admin");
    }
}
