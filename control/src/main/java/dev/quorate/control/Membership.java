package dev.quorate.control;

import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersRequest.Voters;
import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.control.Observation.NodeObservation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings a group's members to as many as are asked for, and makes new ones where disks were lost or replicas found wrong.
 *
 * <p>The members to be are those of the first nodes, by ordinal. New ones get the log first, and votes once they have caught up: in the place of a lost voter at
 * once, else so many together that the number of voters stays odd. Voters that are too many leave together, once all that stay have caught up and one of them
 * leads; then their nodes go. A voter counts as lost only when the node of its name says that it is another member by now: one that is merely silent is waited
 * for. One change of votes a group and pass, by its leader, whose word is taken for who the members are; the map follows it.
 */
final class Membership {
    private final ClusterSpec spec;
    private final GroupHealth health;
    private final NodeDescription leader;
    private final List<Member> voters;
    private final List<Member> learners;
    private final Draft draft;

    private Membership(ClusterSpec spec, GroupHealth health, NodeDescription leader, Draft draft) {
        this.spec = spec;
        this.health = health;
        this.leader = leader;
        this.draft = draft;
        this.voters = GroupHealth.voters(leader);
        this.learners = leader.getMembersList().stream()
                .filter(member -> leader.getLearnerIdsList().contains(member.getId()))
                .toList();
    }

    /** Plans the group's next change, if its leader is known and no other change is under way. */
    static void plan(ClusterSpec spec, Group group, GroupHealth health, Draft draft) {
        Optional<NodeDescription> leader =
                health == null ? Optional.empty() : health.leader().flatMap(NodeObservation::description);
        if (leader.isPresent() && !leader.get().getChangingMembers() && group.getState() != GroupState.JOINING) {
            new Membership(spec, health, leader.get(), draft).plan(group);
        }
    }

    private void plan(Group group) {
        if (!ids(group.getMembersList()).equals(ids(voters))) {
            draft.fenced(epoch -> MapChanges.setMembers(epoch, group.getId(), voters));
        }
        List<Member> next = nextVoters();
        Optional<Member> goner = learners.stream()
                .filter(member -> isLost(member) || isSurplus(member))
                .findFirst();
        if (goner.isPresent()) {
            remove(goner.get());
        } else if (!ids(next).equals(ids(voters))) {
            give(next);
        } else {
            newcomers().forEach(this::add);
        }
        boolean nodesLeave = health.size() > spec.replicas();
        if (nodesLeave && Stream.concat(voters.stream(), learners.stream()).noneMatch(this::isSurplus)) {
            draft.step(new Step.ResizeGroup(group.getId(), spec.replicas()));
        }
        if (nodesLeave || voters.size() != spec.replicas()) {
            draft.finding(new Finding.Resizing(group.getId(), voters.size(), spec.replicas(), awaited()));
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

    /** Its node is beyond those asked for, or another voter has its name. */
    private boolean isSurplus(Member member) {
        return Platform.ordinal(member.getName()) >= spec.replicas()
                || isLost(member)
                        && voters.stream()
                                .anyMatch(other -> other.getName().equals(member.getName()) && !isLost(other));
    }

    private boolean hasCaughtUp(Member member) {
        return member.getId().equals(leader.getMember().getId())
                || leader.getProgressList().stream()
                        .filter(progress -> progress.getMemberId().equals(member.getId()))
                        .anyMatch(progress -> progress.getActive() && progress.getCaughtUp());
    }

    /** Who shall have a vote after the next change: the present voters, when it is not time for one. */
    private List<Member> nextVoters() {
        List<Member> fresh = learners.stream()
                .filter(this::hasCaughtUp)
                .filter(Predicate.not(this::isLost))
                .filter(Predicate.not(this::isSurplus))
                .sorted(Comparator.comparingInt(member -> Platform.ordinal(member.getName())))
                .collect(Collectors.toCollection(ArrayList::new));
        List<Member> staying =
                voters.stream().filter(Predicate.not(this::isSurplus)).toList();
        if (staying.size() < voters.size()) {
            List<Member> rest = renewed(staying, new ArrayList<>(fresh));
            if (rest.size() == spec.replicas() && rest.stream().allMatch(this::hasCaughtUp)) {
                boolean oneCanLead = rest.stream().anyMatch(voters::contains);
                return oneCanLead ? rest : withHeir(rest.getFirst());
            }
        }
        return renewed(voters, fresh);
    }

    /** None of those that stay has a vote yet: one gets it so that it can lead while the others leave, in the place of one of them where voters are odd. */
    private List<Member> withHeir(Member heir) {
        List<Member> next = new ArrayList<>(voters);
        if (voters.size() % 2 == 1) {
            voters.stream()
                    .filter(member -> !member.getId().equals(leader.getMember().getId()))
                    .min(Comparator.comparing(member -> !isLost(member)))
                    .ifPresent(next::remove);
        }
        next.add(heir);
        return next;
    }

    /** Those members with lost ones replaced and, as far as there is room, more. */
    private List<Member> renewed(List<Member> members, List<Member> fresh) {
        List<Member> renewed = new ArrayList<>(members);
        for (Member lost : members.stream().filter(this::isLost).toList()) {
            Optional<Member> replacement = fresh.stream()
                    .min(Comparator.comparing(
                            (Member member) -> !member.getName().equals(lost.getName())));
            replacement.ifPresent(member -> {
                fresh.remove(member);
                renewed.set(renewed.indexOf(lost), member);
            });
        }
        int more = Math.min(fresh.size(), spec.replicas() - renewed.size());
        if (more > 0) {
            // An even number of voters survives no more losses than the odd one below it.
            boolean even = (renewed.size() + more) % 2 == 0;
            renewed.addAll(fresh.subList(0, even ? more - 1 : more));
        }
        return renewed;
    }

    /** Nodes asked for that are no members, and hold no other group's state. One that still thinks that it is one has yet to hear that it was removed. */
    private List<Member> newcomers() {
        Set<String> known = ids(leader.getMembersList());
        return health.nodes().stream()
                .flatMap(node -> node.description().stream())
                .filter(said ->
                        said.getClusterId().isEmpty() || said.getClusterId().equals(spec.clusterId()))
                .filter(said -> !said.getBootstrapped()
                        || said.getGroupId() == health.group()
                                && !ids(said.getMembersList())
                                        .contains(said.getMember().getId()))
                .map(NodeDescription::getMember)
                .filter(member -> !known.contains(member.getId()))
                .filter(member -> Platform.ordinal(member.getName()) < spec.replicas())
                .toList();
    }

    /** The members to be that are still behind with the log, or not there yet. */
    private String awaited() {
        List<String> ready = Stream.concat(voters.stream(), learners.stream())
                .filter(this::hasCaughtUp)
                .map(Member::getName)
                .toList();
        return health.nodes().stream()
                .map(NodeObservation::name)
                .filter(name -> Platform.ordinal(name) < spec.replicas() && !ready.contains(name))
                .collect(Collectors.joining(", "));
    }

    private void add(Member member) {
        change(ChangeMembersRequest.newBuilder().setAdd(member), "add " + member.getName() + " to");
    }

    private void remove(Member member) {
        change(
                ChangeMembersRequest.newBuilder().setRemove(member.getId()),
                "remove the former " + member.getName() + " from");
    }

    /** By a leader that stays. */
    private void give(List<Member> next) {
        if (ids(next).contains(leader.getMember().getId())) {
            change(
                    ChangeMembersRequest.newBuilder()
                            .setSetVoters(
                                    Voters.newBuilder().addAllIds(ids(next)).addAllFromIds(ids(voters))),
                    words(next));
        } else {
            next.stream()
                    .filter(voters::contains)
                    .findFirst()
                    .ifPresent(heir ->
                            draft.step(new Step.TransferLeadership(health.group(), heir.getId(), heir.getName())));
        }
    }

    /** Who leaves is said unless it is the former holder of the name of one that joins. */
    private String words(List<Member> next) {
        List<String> joining = names(next, voters);
        List<String> leaving = names(voters, next).stream()
                .filter(name -> !joining.contains(name))
                .toList();
        String vote = "give a vote to " + String.join(", ", joining);
        String removal = "remove " + String.join(", ", leaving);
        if (leaving.isEmpty()) {
            return vote + " in";
        }
        return (joining.isEmpty() ? "" : vote + " and ") + removal + " from";
    }

    /** Of those that are not among the others. */
    private static List<String> names(List<Member> members, List<Member> others) {
        return members.stream()
                .filter(Predicate.not(others::contains))
                .map(Member::getName)
                .sorted()
                .toList();
    }

    private void change(ChangeMembersRequest.Builder change, String what) {
        draft.step(new Step.ChangeMembers(health.group(), change.build(), what + " group " + health.group()));
    }
}
