package dev.quorate.control;

import dev.quorate.api.MapChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** A plan in the making. Numbers the fenced changes of the map, so that each names the epoch that the one before it makes. */
final class Draft {
    private final List<Step> steps = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private long epoch;
    private boolean changesGroups;

    void step(Step step) {
        steps.add(step);
    }

    void finding(Finding finding) {
        findings.add(finding);
    }

    /** The epoch that the next fenced change compares. */
    void epoch(long current) {
        epoch = current;
    }

    /** A change of groups; {@code change} makes it for the epoch that it must find. */
    void fenced(LongFunction<MapChange> change) {
        steps.add(new Step.ChangeMap(change.apply(epoch)));
        epoch++;
        changesGroups = true;
    }

    /** Whether the plan changes groups in the map: placement then waits for the next pass, which sees the change. */
    boolean changesGroups() {
        return changesGroups;
    }

    /** Whether the plan removes the group's resources: nothing else is worth doing or saying of it. */
    boolean deletes(int id) {
        return steps.stream().anyMatch(step -> step instanceof Step.DeleteGroup(int group) && group == id);
    }

    /** Whether the plan bootstraps the group: its nodes are then left running for it. */
    boolean bootstraps(int id) {
        return steps.stream()
                .anyMatch(step -> step instanceof Step.BootstrapGroup bootstrap && bootstrap.group() == id);
    }

    /** Whether the plan changes the group's members or nodes, or who leads it: then its nodes run on for this pass. */
    boolean changesMembers(int id) {
        return steps.stream().anyMatch(step -> switch (step) {
            case Step.ChangeMembers change -> change.group() == id;
            case Step.ResizeGroup resize -> resize.group() == id;
            case Step.TransferLeadership transfer -> transfer.group() == id;
            default -> false;
        });
    }

    Plan plan() {
        return new Plan(steps, findings);
    }
}
