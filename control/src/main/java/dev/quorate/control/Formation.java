package dev.quorate.control;

import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.control.Observation.GroupObservation;
import dev.quorate.control.Observation.NodeObservation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes groups out of empty nodes, once. The order is what keeps a wiped disk from electing an empty twin: the identities that the disks
 * chose are recorded durably first, then that record, verbatim, is what every member is bootstrapped with, now or on any later day. A node
 * that holds state, or whose identity is not on record, is never bootstrapped. Nor is a root group that has no record and no state left while
 * anything else says that the cluster was formed before.
 */
final class Formation {
    private final ClusterSpec spec;
    private final Observation observation;
    private final Draft draft;

    Formation(ClusterSpec spec, Observation observation, Draft draft) {
        this.spec = spec;
        this.observation = observation;
        this.draft = draft;
    }

    /**
     * The root group: its record is the platform's. Nodes that hold its state are a record too: their volumes were adopted.
     *
     * @param recorded whom it was bootstrapped with
     * @param members who they are now, as far as known
     */
    void formRoot(List<Member> recorded, List<Member> members) {
        form(
                Planner.ROOT,
                recorded,
                members,
                recorded,
                found -> draft.step(new Step.RecordMembers(Planner.ROOT, found)),
                true);
    }

    /** Any other group: its record is the shard map. */
    void form(int group, List<Member> recorded, List<Member> rootMembers) {
        form(
                group,
                recorded,
                recorded,
                rootMembers,
                members -> draft.fenced(epoch -> MapChanges.setMembers(epoch, group, members)),
                false);
    }

    private void form(
            int id,
            List<Member> recorded,
            List<Member> members,
            List<Member> rootMembers,
            Consumer<List<Member>> record,
            boolean stateIsRecord) {
        Optional<GroupObservation> observed = observation.group(id);
        provide(id, observed, members);
        if (observed.isEmpty()) {
            return;
        }
        List<NodeObservation> nodes = observed.get().nodes();
        List<NodeObservation> foreign =
                nodes.stream().filter(node -> foreign(id, node)).toList();
        foreign.forEach(node -> draft.finding(new Finding.ForeignVolume(id, node.name(), owner(node))));
        if (!recorded.isEmpty()) {
            bootstrap(id, nodes, recorded, rootMembers);
            reportWiped(id, nodes, members);
        } else if (foreign.isEmpty()) {
            record(observed.get(), record, stateIsRecord);
        }
    }

    /** Resources, and nodes enough for those that are members as well as for those asked for. */
    private void provide(int id, Optional<GroupObservation> observed, List<Member> members) {
        Stream<Member> named = observed.stream()
                .flatMap(group -> group.nodes().stream())
                .flatMap(node -> node.description().stream())
                .filter(NodeDescription::getBootstrapped)
                .flatMap(said -> said.getMembersList().stream());
        boolean complete = observed.filter(GroupObservation::complete).isPresent();
        // A record may be older than what the nodes say; it is for those that have no nodes.
        Stream<Member> known = complete ? named : Stream.concat(named, members.stream());
        int needed =
                known.mapToInt(member -> Platform.ordinal(member.getName()) + 1).reduce(spec.replicas(), Math::max);
        if (!complete) {
            draft.step(new Step.CreateGroup(id, needed));
        } else if (observed.get().size() < needed) {
            draft.step(new Step.ResizeGroup(id, needed));
        }
    }

    private void record(GroupObservation group, Consumer<List<Member>> record, boolean stateIsRecord) {
        int id = group.id();
        List<NodeObservation> holders =
                group.nodes().stream().filter(Formation::holdsState).toList();
        List<NodeDescription> answers = group.nodes().stream()
                .flatMap(node -> node.description().stream())
                .toList();
        if (!holders.isEmpty()) {
            recordHeld(id, holders, record, stateIsRecord);
            return;
        }
        Set<String> ids = answers.stream().map(said -> said.getMember().getId()).collect(Collectors.toSet());
        if (answers.size() != group.size() || ids.size() != group.size() || group.size() < spec.replicas()) {
            draft.finding(new Finding.WaitingForNodes(id, answers.size(), spec.replicas()));
        } else if (id == Planner.ROOT && formedBefore()) {
            draft.finding(new Finding.DataLost(id));
        } else if (group.size() > spec.replicas()) {
            draft.step(new Step.ResizeGroup(id, spec.replicas()));
        } else {
            record.accept(answers.stream().map(NodeDescription::getMember).toList());
        }
    }

    private void recordHeld(
            int id, List<NodeObservation> holders, Consumer<List<Member>> record, boolean stateIsRecord) {
        List<Member> held = holders.getFirst().description().orElseThrow().getMembersList();
        boolean agreed = holders.stream()
                .allMatch(node ->
                        node.description().orElseThrow().getMembersList().equals(held));
        if (stateIsRecord && agreed) {
            record.accept(held);
        } else {
            holders.forEach(node -> draft.finding(new Finding.ForeignVolume(id, node.name(), owner(node))));
        }
    }

    /** Other groups are made only once the shard map has them: one that is there says so even if none of its nodes answers. */
    private boolean formedBefore() {
        return observation.formedBefore()
                || observation.groups().keySet().stream().anyMatch(id -> id != Planner.ROOT);
    }

    private void bootstrap(int id, List<NodeObservation> nodes, List<Member> recorded, List<Member> rootMembers) {
        boolean due = nodes.stream().anyMatch(node -> empty(id, node) && isOneOf(recorded, node));
        if (due) {
            draft.step(new Step.BootstrapGroup(id, recorded, rootMembers));
        } else if (!nodes.isEmpty() && nodes.stream().allMatch(node -> empty(id, node))) {
            draft.finding(new Finding.DataLost(id));
        }
    }

    /** Empty disks of nodes whose names are those of members: the others are new. */
    private void reportWiped(int id, List<NodeObservation> nodes, List<Member> members) {
        Set<String> names = members.stream().map(Member::getName).collect(Collectors.toSet());
        List<NodeObservation> wiped = nodes.stream()
                .filter(node -> empty(id, node) && names.contains(node.name()) && !isOneOf(members, node))
                .toList();
        if (wiped.size() < nodes.size()) {
            wiped.forEach(node -> draft.finding(new Finding.WipedMember(id, node.name())));
        }
    }

    private boolean empty(int id, NodeObservation node) {
        return node.description().isPresent() && !holdsState(node) && !foreign(id, node);
    }

    private static boolean isOneOf(List<Member> members, NodeObservation node) {
        String id = node.description().orElseThrow().getMember().getId();
        return members.stream().anyMatch(member -> member.getId().equals(id));
    }

    private static boolean holdsState(NodeObservation node) {
        return node.description().filter(NodeDescription::getBootstrapped).isPresent();
    }

    private boolean foreign(int id, NodeObservation node) {
        return node.description()
                .filter(said ->
                        !said.getClusterId().isEmpty() && !said.getClusterId().equals(spec.clusterId())
                                || said.getBootstrapped() && said.getGroupId() != id)
                .isPresent();
    }

    private static String owner(NodeObservation node) {
        return node.description()
                .map(said -> "group " + said.getGroupId() + " of cluster " + said.getClusterId())
                .orElse("something else");
    }
}
