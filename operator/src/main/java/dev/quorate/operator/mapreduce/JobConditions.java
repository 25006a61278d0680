package dev.quorate.operator.mapreduce;

import dev.quorate.crds.MapReducePhase;
import dev.quorate.operator.kubernetes.Trouble;
import dev.quorate.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A job's conditions:
 *
 * <ul>
 *   <li><b>Complete</b>: its output is there.
 *   <li><b>Failed</b>: it has ended without; the message names the task, the record and the cause.
 *   <li><b>Suspended</b>: it is held, by its spec or by a queue.
 *   <li><b>Degraded</b>: something keeps it from going on, or waits for a person.
 * </ul>
 */
final class JobConditions {
    static final String COMPLETE = "Complete";
    static final String FAILED = "Failed";
    static final String SUSPENDED = "Suspended";

    private JobConditions() {}

    /** @param message what matters most */
    record Told(List<Condition> conditions, String message) {}

    /** Why a job ended. */
    record End(String reason, String message) {}

    private static Conditions begin(JobSituation situation, Instant now) {
        return new Conditions(
                Objects.requireNonNullElse(situation.before().conditions(), List.of()),
                Objects.requireNonNullElse(situation.job().getMetadata().getGeneration(), 0L),
                now);
    }

    /** Of a job that has not ended. */
    static Told of(JobSituation situation, MapReducePhase phase, String progress, Instant now) {
        Conditions conditions = begin(situation, now);
        Optional<End> trouble = trouble(situation, now);
        conditions.add(COMPLETE, Conditions.FALSE, phase.name(), progress);
        conditions.add(FAILED, Conditions.FALSE, phase.name(), "");
        String held = "";
        if (situation.suspended()) {
            boolean bySpec = situation.job().getSpec().suspend();
            held = bySpec ? "spec.suspend holds it." : "a queue holds its workers.";
            conditions.add(SUSPENDED, Conditions.TRUE, bySpec ? "SuspendedBySpec" : "SuspendedByQueue", held);
        } else {
            conditions.add(SUSPENDED, Conditions.FALSE, "NotSuspended", "");
        }
        conditions.add(
                Conditions.DEGRADED,
                trouble.isPresent() ? Conditions.TRUE : Conditions.FALSE,
                trouble.map(End::reason).orElse("AsExpected"),
                trouble.map(End::message).orElse(""));
        String message = trouble.map(End::message).orElse(held.isEmpty() ? progress : held);
        return new Told(conditions.list(), message.isEmpty() ? "waits for its pods" : message);
    }

    /** What keeps it from going on, if anything. */
    private static Optional<End> trouble(JobSituation situation, Instant now) {
        if (situation.stored() instanceof Stored.Unreachable(String reason, String words)) {
            return Optional.of(new End(reason, words));
        }
        if (situation.suspended()) {
            return Optional.empty();
        }
        Optional<End> pod = situation.pods().stream()
                .filter(one -> one.getStatus() != null && !JobSituation.over(one))
                .flatMap(one -> trouble(one, now).stream())
                .findFirst();
        if (pod.isPresent()) {
            return pod;
        }
        boolean silent = situation.stored() instanceof Stored.Coordinated(int epoch, var reply)
                && reply.isEmpty()
                && situation.before().coordinators() != null;
        return silent
                ? Optional.of(new End(
                        "CoordinatorAway", "its coordinator does not answer; the next one goes on from where it was"))
                : Optional.empty();
    }

    private static Optional<End> trouble(Pod pod, Instant now) {
        return Trouble.of(pod, Optional.empty(), now)
                .filter(trouble -> trouble.kind() != Trouble.Kind.CRASHING
                        || JobIdentity.COORDINATOR.equals(
                                pod.getMetadata().getLabels().get(JobIdentity.COMPONENT_LABEL)))
                .map(trouble -> new End(
                        trouble.kind() == Trouble.Kind.CRASHING
                                ? "CoordinatorCrashing"
                                : trouble.kind().reason(),
                        "pod " + pod.getMetadata().getName() + " does not run: " + trouble.words()));
    }

    static End end(JobSituation situation, Stored.Ended ended) {
        if (ended.outcome().succeeded()) {
            return new End("Succeeded", "its output is in " + output(situation));
        }
        String reason = ended.outcome().reason();
        if (reason.startsWith(JobPlanner.SCRATCH_FULL)) {
            return new End("ScratchFull", reason);
        }
        if (reason.startsWith(JobPlanner.WORKERS_DIED)) {
            return new End("WorkersFailed", reason);
        }
        return new End(ended.totals().maps() == 0 ? "NotRunnable" : "TaskFailed", reason);
    }

    static End stateLost(JobSituation situation) {
        return new End(
                "StateLost",
                "cluster " + situation.job().getSpec().cluster()
                        + " no longer has the job's state: it was deleted there");
    }

    static String output(JobSituation situation) {
        var output = situation.job().getSpec().output();
        if (output.files() != null) {
            return output.files();
        }
        return "keys " + output.keyspace().prefix()
                + situation.job().getMetadata().getUid() + "/... of cluster "
                + Objects.requireNonNullElse(
                        output.keyspace().cluster(), situation.job().getSpec().cluster());
    }

    static List<Condition> ended(JobSituation situation, boolean succeeded, End end, Instant now) {
        Conditions conditions = begin(situation, now);
        conditions.add(COMPLETE, succeeded ? Conditions.TRUE : Conditions.FALSE, end.reason(), end.message());
        conditions.add(
                FAILED, succeeded ? Conditions.FALSE : Conditions.TRUE, end.reason(), succeeded ? "" : end.message());
        conditions.add(SUSPENDED, Conditions.FALSE, "Ended", "");
        conditions.add(Conditions.DEGRADED, Conditions.FALSE, "Ended", "");
        return conditions.list();
    }
}
