package dev.quorate.cli.nemesis;

import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.process.ProcessId;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.MemberView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at a cluster all the time: which processes it has had, and how many shards have changed their home. */
final class Observer implements AutoCloseable {
    private static final long PAUSE_MILLIS = 50;

    private final LocalCluster cluster;
    private final Set<ProcessId> processes = new HashSet<>();
    private final MoveCount moves = new MoveCount();
    private final Thread thread;
    private volatile boolean closing;

    Observer(LocalCluster cluster) {
        this.cluster = cluster;
        this.thread = Thread.ofPlatform().daemon().name("observer").start(this::run);
    }

    private void run() {
        try {
            while (!closing) {
                look(cluster.view());
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look(ClusterView view) {
        moves.look(view.shards());
        view.groups().stream()
                .flatMap(group -> group.members().stream())
                .map(MemberView::pid)
                .filter(pid -> pid != 0)
                .map(ProcessHandle::of)
                .flatMap(Optional::stream)
                .map(ProcessId::of)
                .forEach(processes::add);
    }

    /** At least so many there were. */
    long moves() {
        return moves.count();
    }

    /** Those of the cluster's processes that have not ended. */
    synchronized List<Long> alive() {
        return processes.stream()
                .flatMap(process -> process.alive().stream())
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
