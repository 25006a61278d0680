package dev.quorate.operator.status;

import dev.quorate.api.GroupState;
import dev.quorate.control.Finding;
import dev.quorate.control.Finding.Severity;
import dev.quorate.crds.KVClusterStatus;
import dev.quorate.operator.kubernetes.Trouble;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A pass's findings, sorted into what only takes time and what is broken, each with a word for a condition's reason. */
record Findings(List<Finding> broken, List<Finding> underWay, Situation.Passed situation) {

    static Findings of(Situation.Passed situation) {
        List<Finding> all = situation.pass().plan().findings();
        Predicate<Finding> broken = finding -> broken(finding, situation);
        return new Findings(
                all.stream().filter(broken).toList(),
                all.stream().filter(broken.negate()).toList(),
                situation);
    }

    /** What a group goes through before it first serves is no fault, unless Kubernetes says that a node can't run. */
    private static boolean broken(Finding finding, Situation.Passed situation) {
        if (finding.severity() == Severity.PROGRESS) {
            return false;
        }
        return switch (finding) {
            case Finding.NodeSilent silent ->
                situation.troubles().containsKey(silent.node()) || serves(silent.group(), silent.node(), situation);
            case Finding.NodeUnwell unwell -> serves(unwell.group(), unwell.node(), situation);
            case Finding.NoLeader noLeader -> served(noLeader.group(), situation);
            case Finding.MapUnreadable unreadable -> mapWasRead(situation);
            default -> true;
        };
    }

    /** The group served, and the node is one of its members and not one that is only about to be. */
    private static boolean serves(int group, String node, Situation.Passed situation) {
        boolean joins = situation
                .map()
                .filter(map -> map.getGroupsList().stream()
                        .filter(known -> known.getId() == group)
                        .flatMap(known -> known.getMembersList().stream())
                        .noneMatch(member -> member.getName().equals(node)))
                .isPresent();
        return served(group, situation) && !joins;
    }

    private static boolean served(int group, Situation.Passed situation) {
        return situation
                .map()
                .map(map -> map.getGroupsList().stream()
                        .anyMatch(known -> known.getId() == group && known.getState() != GroupState.JOINING))
                .orElseGet(() -> mapWasRead(situation));
    }

    private static boolean mapWasRead(Situation.Passed situation) {
        KVClusterStatus before = situation.cluster().getStatus();
        return before != null && before.epoch() != null;
    }

    /** The worst first: what a person must decide before what may pass. */
    Optional<Finding> worst() {
        return broken.stream()
                .filter(finding -> finding.severity() == Severity.BLOCKED)
                .findFirst()
                .or(() -> broken.stream().filter(this::hasTrouble).findFirst())
                .or(() -> broken.stream().findFirst());
    }

    /** Those of one group. */
    Findings ofGroup(int group) {
        Predicate<Finding> its = finding -> group(finding).equals(Optional.of(group));
        return new Findings(
                broken.stream().filter(its).toList(),
                underWay.stream().filter(its).toList(),
                situation);
    }

    private static Optional<Integer> group(Finding finding) {
        return switch (finding) {
            case Finding.NodeSilent silent -> Optional.of(silent.group());
            case Finding.NodeUnwell unwell -> Optional.of(unwell.group());
            case Finding.WaitingForNodes waiting -> Optional.of(waiting.group());
            case Finding.NoLeader noLeader -> Optional.of(noLeader.group());
            case Finding.QuorumLost lost -> Optional.of(lost.group());
            case Finding.DataLost lost -> Optional.of(lost.group());
            case Finding.WipedMember wiped -> Optional.of(wiped.group());
            case Finding.ReplicasDiffer differ -> Optional.of(differ.group());
            case Finding.ForeignVolume foreign -> Optional.of(foreign.group());
            case Finding.StrayGroup stray -> Optional.of(stray.group());
            case Finding.Joining joining -> Optional.of(joining.group());
            case Finding.Leaving leaving -> Optional.of(leaving.group());
            case Finding.Resizing resizing -> Optional.of(resizing.group());
            case Finding.MapUnreadable _, Finding.WrongMap _, Finding.Unbalanced _, Finding.Rolling _ ->
                Optional.empty();
        };
    }

    /** What keeps a group from serving, whoever is said to lead it. */
    Optional<Finding> stopping(int group) {
        return Stream.concat(broken.stream(), underWay.stream())
                .filter(finding -> finding instanceof Finding.QuorumLost
                        || finding instanceof Finding.NoLeader
                        || finding instanceof Finding.DataLost)
                .filter(finding -> group(finding).equals(Optional.of(group)))
                .findFirst();
    }

    /** Adds the condition Degraded. */
    void degraded(Conditions conditions) {
        worst().ifPresentOrElse(
                        worst -> conditions.add(
                                Conditions.DEGRADED,
                                Conditions.TRUE,
                                reason(worst),
                                words(worstThenGroupsThenNodes(worst))),
                        () -> conditions.add(Conditions.DEGRADED, Conditions.FALSE, "AsExpected", ""));
    }

    /** What many nodes have to say could push the loss of a quorum beyond what a condition's message holds. */
    private List<Finding> worstThenGroupsThenNodes(Finding worst) {
        Predicate<Finding> ofNode =
                finding -> finding instanceof Finding.NodeSilent || finding instanceof Finding.NodeUnwell;
        return Stream.of(Stream.of(worst), broken.stream().filter(ofNode.negate()), broken.stream())
                .flatMap(findings -> findings)
                .distinct()
                .toList();
    }

    /** All of them, in one sentence. */
    static String words(List<Finding> findings) {
        return findings.stream().map(Finding::words).collect(Collectors.joining("; "));
    }

    private boolean hasTrouble(Finding finding) {
        return finding instanceof Finding.NodeSilent silent
                && situation.troubles().containsKey(silent.node());
    }

    /** A condition's reason: what is the matter, in one word. */
    String reason(Finding finding) {
        return switch (finding) {
            case Finding.NodeSilent silent ->
                Optional.ofNullable(situation.troubles().get(silent.node()))
                        .map(Trouble::kind)
                        .map(Trouble.Kind::reason)
                        .orElse("NodeSilent");
            case Finding.NodeUnwell unwell -> "NodeUnwell";
            case Finding.WaitingForNodes waiting -> "WaitingForNodes";
            case Finding.NoLeader noLeader -> "NoLeader";
            case Finding.QuorumLost lost -> "QuorumLost";
            case Finding.MapUnreadable unreadable -> "MapUnreachable";
            case Finding.DataLost lost -> "DataLost";
            case Finding.WipedMember wiped -> "MemberWiped";
            case Finding.ReplicasDiffer differ -> "ReplicasDiffer";
            case Finding.ForeignVolume foreign -> "ForeignVolume";
            case Finding.StrayGroup stray -> "StrayGroup";
            case Finding.WrongMap wrong -> "WrongMap";
            case Finding.Unbalanced unbalanced -> "MovingShards";
            case Finding.Joining joining -> "GroupJoining";
            case Finding.Leaving leaving -> "GroupLeaving";
            case Finding.Resizing resizing -> "GroupResizing";
            case Finding.Rolling rolling -> "RollingUpdate";
        };
    }
}
