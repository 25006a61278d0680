package dev.quorate.control;

import dev.quorate.api.NodeDescription;
import dev.quorate.control.Observation.NodeObservation;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Restarts nodes that run something else than what is asked for: those that do not serve first, then followers, leaders last after they
 * handed over. One at a time in the whole cluster, and each only while the rest of its group is a quorum that has caught up. A node that
 * does not run, or never joined its group, is no part of a quorum: it is restarted at once, so that a bad revision can be put right.
 */
final class Rollout {
    private Rollout() {}

    private record Candidate(GroupHealth group, NodeObservation node) {
        boolean serves() {
            return node.node().ready();
        }

        boolean leads() {
            return node.description().filter(GroupHealth::leads).isPresent();
        }

        /** Its restart takes nothing from its group. */
        boolean idle() {
            boolean neverJoined =
                    node.description().filter(said -> !said.getBootstrapped()).isPresent();
            return !node.node().running() || neverJoined;
        }
    }

    static void plan(Collection<GroupHealth> groups, Draft draft) {
        List<Candidate> all = groups.stream()
                .flatMap(group -> group.nodes().stream().map(node -> new Candidate(group, node)))
                .toList();
        List<Candidate> outdated = all.stream()
                .filter(candidate -> candidate.node().node().outdated())
                .sorted(Comparator.comparing(Candidate::serves).thenComparing(Candidate::leads))
                .toList();
        if (outdated.isEmpty()) {
            return;
        }
        List<Candidate> idle = outdated.stream().filter(Candidate::idle).toList();
        idle.forEach(candidate -> restart(candidate, draft));
        String waitsFor = idle.isEmpty() ? next(all, outdated.getFirst(), draft) : "";
        draft.finding(new Finding.Rolling(outdated.size(), waitsFor));
    }

    /** Takes the next step with this node, unless something has to come back first; says what. */
    private static String next(List<Candidate> all, Candidate candidate, Draft draft) {
        Optional<Candidate> comingBack = all.stream()
                .filter(other ->
                        !other.node().node().outdated() && other.group().bootstrapped())
                .filter(other -> !other.group().caughtUp(other.node()))
                .findFirst();
        if (comingBack.isPresent()) {
            return "node " + comingBack.get().node().name();
        }
        GroupHealth group = candidate.group();
        if (group.members().size() > 1 && !group.canSpare(candidate.node())) {
            return "a caught-up quorum of group " + group.group() + " without "
                    + candidate.node().name();
        }
        Optional<NodeObservation> successor = candidate.leads() ? group.successor(candidate.node()) : Optional.empty();
        if (successor.isPresent()) {
            NodeDescription target = successor.get().description().orElseThrow();
            draft.step(new Step.TransferLeadership(
                    group.group(), target.getMember().getId(), successor.get().name()));
        } else {
            restart(candidate, draft);
        }
        return "";
    }

    private static void restart(Candidate candidate, Draft draft) {
        draft.step(
                new Step.RestartNode(candidate.group().group(), candidate.node().name()));
    }
}
