package dev.quorate.operator.status;

import dev.quorate.api.ShardMap;
import dev.quorate.control.Finding;
import dev.quorate.control.Finding.Severity;
import dev.quorate.control.Observation;
import dev.quorate.control.Observation.GroupObservation;
import dev.quorate.operator.kubernetes.Trouble;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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

    /** A node that is silent before its group's first start is awaited, unless Kubernetes says that it can't run. */
    private static boolean broken(Finding finding, Situation.Passed situation) {
        return finding instanceof Finding.NodeSilent(int group, String node, String reason)
                ? situation.troubles().containsKey(node) || formed(group, situation)
                : finding.severity() != Severity.PROGRESS;
    }

    private static boolean formed(int group, Situation.Passed situation) {
        Observation observation = situation.pass().observation();
        boolean recorded = observation
                .group(group)
                .map(GroupObservation::recorded)
                .filter(members -> !members.isEmpty())
                .isPresent();
        Optional<ShardMap> map = situation.map();
        return recorded
                || map.stream()
                        .flatMap(known -> known.getGroupsList().stream())
                        .anyMatch(known -> known.getId() == group && known.getMembersCount() > 0);
    }

    /** The worst first: what a person must decide before what may pass. */
    Optional<Finding> worst() {
        return broken.stream()
                .filter(finding -> finding.severity() == Severity.BLOCKED)
                .findFirst()
                .or(() -> broken.stream().filter(this::hasTrouble).findFirst())
                .or(() -> broken.stream().findFirst());
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
            case Finding.ForeignVolume foreign -> "ForeignVolume";
            case Finding.StrayGroup stray -> "StrayGroup";
            case Finding.WrongMap wrong -> "WrongMap";
            case Finding.Unbalanced unbalanced -> "MovingShards";
            case Finding.Joining joining -> "GroupJoining";
            case Finding.Leaving leaving -> "GroupLeaving";
            case Finding.Rolling rolling -> "RollingUpdate";
        };
    }
}
