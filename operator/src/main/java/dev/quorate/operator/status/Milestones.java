package dev.quorate.operator.status;

import dev.quorate.api.MapChange;
import dev.quorate.control.Pass;
import dev.quorate.control.Step;
import dev.quorate.crds.KVClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is worth an event: steps in groups' lives, and conditions that changed. Moves of single shards are not: there may be thousands; their
 * beginning and end show in the condition Balanced.
 */
public final class Milestones {
    private static final List<String> TOLD = List.of(Conditions.READY, Conditions.DEGRADED, Conditions.BALANCED);

    private Milestones() {}

    /**
     * An event.
     *
     * @param warning something a person should look at
     * @param reason one word
     * @param words for people
     */
    public record Milestone(boolean warning, String reason, String words) {}

    /** Those between two statuses, and of the steps that a pass took. */
    public static List<Milestone> of(KVClusterStatus before, KVClusterStatus after, Situation situation) {
        List<Milestone> milestones = new ArrayList<>();
        if (situation instanceof Situation.Passed passed) {
            passed.pass().outcomes().stream()
                    .filter(outcome -> outcome.failure().isEmpty())
                    .map(Pass.Outcome::step)
                    .forEach(step -> reason(step)
                            .ifPresent(reason -> milestones.add(new Milestone(false, reason, step.words()))));
        }
        List<Condition> old = before == null ? List.of() : Objects.requireNonNullElse(before.conditions(), List.of());
        for (String type : TOLD) {
            Optional<Condition> was = Conditions.find(old, type);
            Conditions.find(after.conditions(), type)
                    .filter(is -> changed(was, is))
                    .ifPresent(is -> milestones.add(told(type, is)));
        }
        return List.copyOf(milestones);
    }

    /** A change of status, or of what is the matter while something is; but nothing that merely starts out well. */
    private static boolean changed(Optional<Condition> was, Condition is) {
        if (was.isEmpty()) {
            return is.getType().equals(Conditions.DEGRADED) && is.getStatus().equals(Conditions.TRUE);
        }
        boolean sameStatus = was.get().getStatus().equals(is.getStatus());
        boolean sameReason = Objects.equals(was.get().getReason(), is.getReason());
        return !sameStatus || is.getType().equals(Conditions.DEGRADED) && !sameReason;
    }

    private static Milestone told(String type, Condition condition) {
        boolean good =
                condition.getStatus().equals(type.equals(Conditions.DEGRADED) ? Conditions.FALSE : Conditions.TRUE);
        boolean warning = !good && !type.equals(Conditions.BALANCED);
        String words = type + " is " + condition.getStatus()
                + (condition.getMessage() == null || condition.getMessage().isEmpty()
                        ? ""
                        : ": " + condition.getMessage());
        return new Milestone(warning, condition.getReason(), words);
    }

    private static Optional<String> reason(Step step) {
        return switch (step) {
            case Step.CreateGroup create -> Optional.of("GroupCreated");
            case Step.ResizeGroup resize -> Optional.of("GroupResized");
            case Step.RecordMembers record -> Optional.of("MembersRecorded");
            case Step.BootstrapGroup bootstrap -> Optional.of("GroupBootstrapped");
            case Step.ChangeMap(MapChange change) -> reason(change);
            case Step.TransferLeadership transfer -> Optional.of("LeadershipTransferred");
            case Step.ChangeMembers change -> Optional.of("MembersChanged");
            case Step.RestartNode restart -> Optional.of("NodeRestarted");
            case Step.DeleteGroup delete -> Optional.of("GroupDeleted");
        };
    }

    private static Optional<String> reason(MapChange change) {
        return switch (change.getChangeCase()) {
            case CREATE -> Optional.of("MapCreated");
            case ADD_GROUP -> Optional.of("GroupAdded");
            case SET_MEMBERS -> Optional.of("MembersRecorded");
            case SET_STATE ->
                Optional.of(
                        switch (change.getSetState().getState()) {
                            case ACTIVE -> "GroupActive";
                            case DRAINING -> "GroupDraining";
                            case DRAINED -> "GroupDrained";
                            default -> "GroupChanged";
                        });
            case REMOVE_GROUP -> Optional.of("GroupRemoved");
            case RESTORE, START_MOVE, DECIDE_MOVE, FINISH_MOVE, CHANGE_NOT_SET -> Optional.empty();
        };
    }
}
