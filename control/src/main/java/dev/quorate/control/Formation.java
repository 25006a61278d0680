package dev.quorate.control;

import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.control.Observation.GroupObservation;
import dev.quorate.control.Observation.NodeObservation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

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

    /** The root group: its record is the platform's. Nodes that hold its state are a record too: their volumes were adopted. */
    void formRoot(List<Member> recorded) {
        form(
                Planner.ROOT,
                recorded,
                recorded,
                members -> draft.step(new Step.RecordMembers(Planner.ROOT, members)),
                true);
    }

    /** Any other group: its record is the shard map. */
    void form(int group, List<Member> recorded, List<Member> rootMembers) {
        form(
                group,
                recorded,
                rootMembers,
                members -> draft.fenced(epoch -> MapChanges.setMembers(epoch, group, members)),
                false);
    }

    private void form(
            int id,
            List<Member> recorded,
            List<Member> rootMembers,
            Consumer<List<Member>> record,
            boolean stateIsRecord) {
        Optional<GroupObservation> observed = observation.group(id);
        if (observed.isEmpty() || !observed.get().complete()) {
            draft.step(new Step.CreateGroup(id));
        }
        if (observed.isEmpty()) {
            return;
        }
        List<NodeObservation> nodes = observed.get().nodes();
        List<NodeObservation> foreign =
                nodes.stream().filter(node -> foreign(id, node)).toList();
        foreign.forEach(node -> draft.finding(new Finding.ForeignVolume(id, node.name(), owner(node))));
        if (!recorded.isEmpty()) {
            bootstrap(id, nodes, recorded, rootMembers);
        } else if (foreign.isEmpty()) {
            record(id, nodes, record, stateIsRecord);
        }
    }

    private void record(int id, List<NodeObservation> nodes, Consumer<List<Member>> record, boolean stateIsRecord) {
        List<NodeObservation> holders =
                nodes.stream().filter(Formation::holdsState).toList();
        List<NodeDescription> answers =
                nodes.stream().flatMap(node -> node.description().stream()).toList();
        if (!holders.isEmpty()) {
            List<Member> held = holders.getFirst().description().orElseThrow().getMembersList();
            boolean agreed = holders.stream()
                    .allMatch(node ->
                            node.description().orElseThrow().getMembersList().equals(held));
            if (stateIsRecord && agreed) {
                record.accept(held);
            } else {
                holders.forEach(node -> draft.finding(new Finding.ForeignVolume(id, node.name(), owner(node))));
            }
            return;
        }
        Map<String, Member> members = answers.stream()
                .map(NodeDescription::getMember)
                .collect(Collectors.toMap(Member::getId, Function.identity(), (one, same) -> one));
        if (answers.size() != spec.replicas() || members.size() != spec.replicas()) {
            draft.finding(new Finding.WaitingForNodes(id, answers.size(), spec.replicas()));
        } else if (id == Planner.ROOT && formedBefore()) {
            draft.finding(new Finding.DataLost(id));
        } else {
            record.accept(answers.stream().map(NodeDescription::getMember).toList());
        }
    }

    /** Other groups are made only once the shard map has them: one that is there says so even if none of its nodes answers. */
    private boolean formedBefore() {
        return observation.formedBefore()
                || observation.groups().keySet().stream().anyMatch(id -> id != Planner.ROOT);
    }

    private void bootstrap(int id, List<NodeObservation> nodes, List<Member> recorded, List<Member> rootMembers) {
        List<String> ids = recorded.stream().map(Member::getId).toList();
        List<NodeObservation> empty = nodes.stream()
                .filter(node -> node.description().isPresent() && !holdsState(node) && !foreign(id, node))
                .toList();
        List<NodeObservation> wiped = empty.stream()
                .filter(node -> !ids.contains(
                        node.description().orElseThrow().getMember().getId()))
                .toList();
        if (empty.size() > wiped.size()) {
            draft.step(new Step.BootstrapGroup(id, recorded, rootMembers));
        }
        if (wiped.size() >= recorded.size()) {
            draft.finding(new Finding.DataLost(id));
        } else {
            wiped.forEach(node -> draft.finding(new Finding.WipedMember(id, node.name())));
        }
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
