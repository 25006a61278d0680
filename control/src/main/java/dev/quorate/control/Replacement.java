package dev.quorate.control;

import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersRequest.Promotion;
import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.PeerProgress;
import dev.quorate.control.Observation.NodeObservation;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes new members of empty nodes where a group lacks some: a disk was lost, or the group removed a replica that was wrong. A new member gets the log first,
 * then the vote of the one it replaces, in one step. A voter counts as lost only when the node of its name says that it is another member by now: one that is
 * merely silent is waited for. One change a group and pass, by its leader, whose word is taken for who the members are; the map follows it.
 */
final class Replacement {
    private final ClusterSpec spec;
    private final GroupHealth health;
    private final NodeDescription leader;
    private final List<Member> voters;
    private final List<Member> learners;
    private final Draft draft;

    private Replacement(ClusterSpec spec, GroupHealth health, NodeDescription leader, Draft draft) {
        this.spec = spec;
        this.health = health;
        this.leader = leader;
        this.draft = draft;
        Set<String> withoutVote = Set.copyOf(leader.getLearnerIdsList());
        this.voters = leader.getMembersList().stream()
                .filter(member -> !withoutVote.contains(member.getId()))
                .toList();
        this.learners = leader.getMembersList().stream()
                .filter(member -> withoutVote.contains(member.getId()))
                .toList();
    }

    /** Plans the group's next change, if its leader is known and no other change is under way. */
    static void plan(ClusterSpec spec, Group group, GroupHealth health, Draft draft) {
        Optional<NodeDescription> leader =
                health == null ? Optional.empty() : health.leader().flatMap(NodeObservation::description);
        if (leader.isPresent() && !leader.get().getChangingMembers() && group.getState() != GroupState.JOINING) {
            new Replacement(spec, health, leader.get(), draft).plan(group);
        }
    }

    private void plan(Group group) {
        if (!ids(group.getMembersList()).equals(ids(voters))) {
            draft.fenced(epoch -> MapChanges.setMembers(epoch, group.getId(), voters));
        }
        List<Member> lost = voters.stream().filter(this::isLost).toList();
        Optional<Member> goner = learners.stream().filter(this::isLost).findFirst();
        if (goner.isPresent()) {
            remove(goner.get());
        } else if (!learners.isEmpty()) {
            learners.stream().filter(this::hasCaughtUp).findFirst().ifPresent(learner -> promote(learner, lost));
        } else if (voters.size() > spec.replicas() && !lost.isEmpty()) {
            remove(lost.getFirst());
        } else if (voters.size() < spec.replicas() || !lost.isEmpty()) {
            newcomer().ifPresent(this::add);
        }
    }

    private static Set<String> ids(List<Member> members) {
        return members.stream().map(Member::getId).collect(Collectors.toSet());
    }

    /** The node of its name is another member. */
    private boolean isLost(Member member) {
        return health.nodes().stream()
                .flatMap(node -> node.description().stream())
                .map(NodeDescription::getMember)
                .anyMatch(node ->
                        node.getName().equals(member.getName()) && !node.getId().equals(member.getId()));
    }

    private boolean hasCaughtUp(Member learner) {
        return leader.getProgressList().stream()
                .anyMatch(progress -> progress.getMemberId().equals(learner.getId()) && caughtUp(progress));
    }

    private static boolean caughtUp(PeerProgress progress) {
        return progress.getActive() && progress.getCaughtUp();
    }

    /** A node that is no member, and holds no other group's state. */
    private Optional<Member> newcomer() {
        Set<String> taken = new HashSet<>(ids(leader.getMembersList()));
        return health.nodes().stream()
                .flatMap(node -> node.description().stream())
                .filter(said ->
                        said.getClusterId().isEmpty() || said.getClusterId().equals(spec.clusterId()))
                .filter(said -> !said.getBootstrapped() || said.getGroupId() == health.group())
                .map(NodeDescription::getMember)
                .filter(member -> !taken.contains(member.getId()))
                .findFirst();
    }

    private void add(Member member) {
        change(ChangeMembersRequest.newBuilder().setAdd(member), "add " + member.getName() + " to");
    }

    /** In the place of the lost voter of its name, else of any. */
    private void promote(Member learner, List<Member> lost) {
        Optional<Member> replaced = lost.stream()
                .filter(member -> member.getName().equals(learner.getName()))
                .findFirst()
                .or(() -> lost.stream().findFirst());
        if (voters.size() < spec.replicas() || replaced.isPresent()) {
            change(
                    ChangeMembersRequest.newBuilder()
                            .setPromote(Promotion.newBuilder()
                                    .setId(learner.getId())
                                    .setReplacesId(replaced.map(Member::getId).orElse(""))),
                    "give a vote to " + learner.getName() + " in");
        }
    }

    private void remove(Member member) {
        change(
                ChangeMembersRequest.newBuilder().setRemove(member.getId()),
                "remove the former " + member.getName() + " from");
    }

    private void change(ChangeMembersRequest.Builder change, String what) {
        draft.step(new Step.ChangeMembers(health.group(), change.build(), what + " group " + health.group()));
    }
}
