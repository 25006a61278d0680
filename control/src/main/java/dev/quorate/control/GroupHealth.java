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
 * @param members those that have a vote: by its leader's word, else those on record, else those that its nodes name
 * @param size how many nodes it is to have now
 * @param nodes all its nodes
 */
record GroupHealth(int group, List<Member> members, int size, List<NodeObservation> nodes) {
    /** A member this far behind its leader's commit index still counts as caught up: under load none is ever level. */
    static final long CAUGHT_UP_LAG_ENTRIES = 1000;

    static GroupHealth of(GroupObservation observed, List<Member> recorded) {
        Optional<List<Member>> byLeader = leader(observed.nodes())
                .flatMap(NodeObservation::description)
                .map(GroupHealth::voters)
                .filter(voters -> !voters.isEmpty());
        List<Member> members = byLeader.orElseGet(() -> !recorded.isEmpty()
                ? recorded
                : observed.nodes().stream()
                        .flatMap(node -> node.description().stream())
                        .filter(NodeDescription::getBootstrapped)
                        .map(GroupHealth::voters)
                        .findFirst()
                        .orElse(List.of()));
        return new GroupHealth(observed.id(), members, observed.size(), observed.nodes());
    }

    /** The members of its group that have a vote, as the node knows it. */
    static List<Member> voters(NodeDescription node) {
        return node.getMembersList().stream()
                .filter(member -> !node.getLearnerIdsList().contains(member.getId()))
                .toList();
    }

    static boolean leads(NodeDescription node) {
        return node.getBootstrapped() && node.getRole().equals("LEADER");
    }

    /** The node that leads. Of two that say so, the one of the later term is right. */
    Optional<NodeObservation> leader() {
        return leader(nodes);
    }

    private static Optional<NodeObservation> leader(List<NodeObservation> nodes) {
        return nodes.stream()
                .filter(node -> node.description().filter(GroupHealth::leads).isPresent())
                .max(Comparator.comparingLong(
                        node -> node.description().orElseThrow().getTerm()));
    }

    /** How many members answer and have their state. */
    int answering() {
        return (int) nodes.stream().filter(this::isVoter).count();
    }

    private boolean isVoter(NodeObservation node) {
        Set<String> ids = members.stream().map(Member::getId).collect(Collectors.toSet());
        return node.description()
                .filter(NodeDescription::getBootstrapped)
                .filter(said -> ids.contains(said.getMember().getId()))
                .isPresent();
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
                        .filter(this::isVoter)
                        .filter(this::caughtUp)
                        .count()
                >= majority();
    }

    /** The best of the others to lead: the one that has applied most. */
    Optional<NodeObservation> successor(NodeObservation leader) {
        return nodes.stream()
                .filter(other -> !other.name().equals(leader.name()))
                .filter(this::isVoter)
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
