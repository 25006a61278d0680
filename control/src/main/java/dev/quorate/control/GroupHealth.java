package dev.quorate.control;

import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.control.Observation.GroupObservation;
import dev.quorate.control.Observation.NodeObservation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a group that has a record of its members is doing.
 *
 * @param group its number
 * @param members those on record; when there is no record at hand, those that its nodes name
 * @param nodes all its nodes
 */
record GroupHealth(int group, List<Member> members, List<NodeObservation> nodes) {
    /** A member this far behind its leader's commit index still counts as caught up: under load none is ever level. */
    static final long CAUGHT_UP_LAG_ENTRIES = 1000;

    static GroupHealth of(GroupObservation observed, List<Member> recorded) {
        List<Member> members = !recorded.isEmpty()
                ? recorded
                : observed.nodes().stream()
                        .flatMap(node -> node.description().stream())
                        .filter(NodeDescription::getBootstrapped)
                        .map(NodeDescription::getMembersList)
                        .findFirst()
                        .orElse(List.of());
        return new GroupHealth(observed.id(), members, observed.nodes());
    }

    static boolean leads(NodeDescription node) {
        return node.getBootstrapped() && node.getRole().equals("LEADER");
    }

    /** The node that leads. Of two that say so, the one of the later term is right. */
    Optional<NodeObservation> leader() {
        return nodes.stream()
                .filter(node -> node.description().filter(GroupHealth::leads).isPresent())
                .max(Comparator.comparingLong(
                        node -> node.description().orElseThrow().getTerm()));
    }

    /** How many members on record answer and have their state. */
    int answering() {
        Set<String> ids = members.stream().map(Member::getId).collect(Collectors.toSet());
        return (int) nodes.stream()
                .flatMap(node -> node.description().stream())
                .filter(said ->
                        said.getBootstrapped() && ids.contains(said.getMember().getId()))
                .count();
    }

    boolean bootstrapped() {
        return answering() > 0;
    }

    boolean hasQuorum() {
        return !members.isEmpty() && answering() >= majority();
    }

    /** It serves: a leader and a quorum. */
    boolean healthy() {
        return hasQuorum() && leader().isPresent();
    }

    int majority() {
        return members.size() / 2 + 1;
    }

    /** Whether the group goes on without this node: the others alone are a quorum that has what was committed. */
    boolean canSpare(NodeObservation node) {
        return nodes.stream()
                        .filter(other -> !other.name().equals(node.name()))
                        .filter(this::caughtUp)
                        .count()
                >= majority();
    }

    /** The best of the others to lead: the one that has applied most. */
    Optional<NodeObservation> successor(NodeObservation leader) {
        return nodes.stream()
                .filter(other -> !other.name().equals(leader.name()))
                .filter(this::caughtUp)
                .max(Comparator.comparingLong(
                        node -> node.description().orElseThrow().getAppliedIndex()));
    }

    boolean caughtUp(NodeObservation node) {
        long committed = leader().flatMap(NodeObservation::description)
                .map(NodeDescription::getCommitIndex)
                .orElse(Long.MAX_VALUE);
        return node.node().ready()
                && node.description()
                        .filter(NodeDescription::getBootstrapped)
                        .filter(said -> said.getAppliedIndex() >= committed - CAUGHT_UP_LAG_ENTRIES)
                        .isPresent();
    }
}
