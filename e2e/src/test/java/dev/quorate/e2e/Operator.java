package dev.quorate.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Optional;

/** The operator that works: the pod that holds the Lease, and its process. */
record Operator(Rig rig, String pod, String process) {
    private static final String LEASE = "quorate-operator";
    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    /** Waits for one. */
    static Operator working(Rig rig) {
        Operator[] found = new Operator[1];
        Await.until("an operator that works", TIMEOUT, () -> rig.diagnosis(Rig.SYSTEM_NAMESPACE), () -> {
            Optional<Operator> working = find(rig);
            working.ifPresent(operator -> found[0] = operator);
            return working.isPresent();
        });
        return found[0];
    }

    private static Optional<Operator> find(Rig rig) {
        return Optional.ofNullable(rig.client()
                        .leases()
                        .inNamespace(Rig.SYSTEM_NAMESPACE)
                        .withName(LEASE)
                        .get())
                .map(lease -> lease.getSpec().getHolderIdentity())
                .filter(holder -> !holder.isEmpty())
                .flatMap(holder ->
                        pod(rig, holder).flatMap(rig::process).map(process -> new Operator(rig, holder, process)));
    }

    private static Optional<Pod> pod(Rig rig, String name) {
        return Optional.ofNullable(rig.client()
                        .pods()
                        .inNamespace(Rig.SYSTEM_NAMESPACE)
                        .withName(name)
                        .get())
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null);
    }

    /** At once, and without giving up its Lease. Its pod goes as well: another one has no restarts to be punished for. */
    void kill() {
        rig.onNode("kill", "-9", process);
        rig.client()
                .pods()
                .inNamespace(Rig.SYSTEM_NAMESPACE)
                .withName(pod)
                .withGracePeriod(0)
                .delete();
    }

    /** Of one that was killed, so that the next one does not wait until it is over. */
    void endLease() {
        rig.client().leases().inNamespace(Rig.SYSTEM_NAMESPACE).withName(LEASE).delete();
    }
}
