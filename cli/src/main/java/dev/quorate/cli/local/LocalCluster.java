package dev.quorate.cli.local;

import dev.quorate.cli.console.ClusterFile;
import dev.quorate.cli.console.ConsoleServer;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.MemberPlace;
import dev.quorate.cli.view.Views;
import dev.quorate.control.AdminDatabase;
import dev.quorate.control.ClusterSpec;
import dev.quorate.control.ControlLoop;
import dev.quorate.control.Finding;
import dev.quorate.control.Pass;
import dev.quorate.control.Platform;
import dev.quorate.control.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cluster on this machine: members, the control loop over them, and the console. Closing it stops all, and removes its data if that is temporary. */
public final class LocalCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
    private static final int FIRST_CONSOLE_PORT = 7000;
    private static final long WORKING_MILLIS = 100;
    private static final long SETTLED_MILLIS = 1000;

    private final Path root;
    private final boolean temporary;
    private final ClusterDirectory directory;
    private final LocalPlatform platform;
    private final AdminDatabase database;
    private final ConsoleServer console;
    private final Consumer<String> progress;
    private final Thread loop;
    /** Apart from the control loop: members are started again also while a pass waits for nodes that do not answer. */
    private final Thread restarts;

    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private volatile ClusterSpec spec;
    private volatile Pass last;
    private volatile boolean closing;

    private LocalCluster(Path root, boolean temporary, LocalOptions options, Consumer<String> progress)
            throws IOException {
        this.root = root;
        this.temporary = temporary;
        this.progress = progress;
        this.directory = ClusterDirectory.open(root, options);
        this.spec = directory.spec();
        this.platform = new LocalPlatform(directory, options.ports(), runner(options));
        this.database = new AdminDatabase(directory.token());
        platform.checkPorts();
        this.console = openConsole(options);
        directory.keep();
        this.loop = Thread.ofPlatform().name("control").unstarted(this::run);
        this.restarts = Thread.ofPlatform().name("restarts").unstarted(this::restart);
    }

    private static RunningMember.Runner runner(LocalOptions options) {
        return switch (options.members()) {
            case HERE -> (config, _) -> LocalNode.start(config, _ -> {});
            case CHILDREN -> (config, home) -> MemberProcess.start(config, home, true, options.faultSwitch());
            case DETACHED -> (config, home) -> MemberProcess.start(config, home, false, options.faultSwitch());
        };
    }

    /**
     * Gets it ready: its directory is there and its console answers, but no node runs.
     *
     * @param progress hears of each step in words
     * @throws UserError when the options, what is on disk, or a port in use stands against it; nothing is left behind then
     */
    public static LocalCluster open(LocalOptions options, Consumer<String> progress) throws IOException {
        boolean temporary = options.data().isEmpty();
        Path root = temporary
                ? Files.createTempDirectory("quorate-demo-")
                : options.data().get();
        try {
            return new LocalCluster(root, temporary, options, progress);
        } catch (IOException | RuntimeException e) {
            if (temporary) {
                ClusterDirectory.deleteAll(root);
            }
            throw e;
        }
    }

    /** Starts it, and returns while it is still forming. */
    public void start() throws IOException {
        platform.startExisting();
        loop.start();
        restarts.start();
    }

    private ConsoleServer openConsole(LocalOptions options) throws IOException {
        int port = options.consolePort().orElse(FIRST_CONSOLE_PORT);
        while (options.consolePort().isEmpty() && !PortRange.free(port)) {
            port--;
        }
        if (port != 0 && !PortRange.free(port)) {
            throw UserError.failed(
                    "port " + port + " is in use: stop what listens there, or choose another --console-port.");
        }
        return new ConsoleServer(port, directory.token(), new ConsoleServer.Cluster() {
            @Override
            public ClusterView status() {
                return view();
            }

            @Override
            public void scale(int groups) {
                LocalCluster.this.scale(groups);
            }

            @Override
            public void apply(ClusterFile file) {
                LocalCluster.this.apply(file);
            }

            @Override
            public void stop() {
                stopAsked.countDown();
            }
        });
    }

    private void restart() {
        try {
            while (!closing) {
                platform.restartEnded();
                Thread.sleep(WORKING_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            long pauseMillis = WORKING_MILLIS;
            try {
                Pass pass = new ControlLoop(platform, database).run(spec);
                report(pass);
                last = pass;
                pauseMillis = pass.settled() ? SETTLED_MILLIS : WORKING_MILLIS;
            } catch (Platform.PlatformException e) {
                LOG.warn("event=pass_failed reason=\"{}\"", e.getMessage());
            }
            try {
                wake.tryAcquire(pauseMillis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Every step but the many moves, of which only the first and the last pass are worth a line. */
    private void report(Pass pass) {
        boolean moves = pass.plan().findings().stream().anyMatch(Finding.Unbalanced.class::isInstance);
        boolean moved = last != null && last.plan().findings().stream().anyMatch(Finding.Unbalanced.class::isInstance);
        if (moves != moved) {
            progress.accept(moves ? "move shards" : "shards are balanced");
        }
        pass.outcomes().stream()
                .filter(outcome -> outcome.failure().isEmpty())
                .map(Pass.Outcome::step)
                .filter(step -> !(step instanceof Step.ChangeMap change
                        && change.change().hasStartMove()))
                .forEach(step -> progress.accept(step.words()));
    }

    /** The cluster as the last pass saw it. */
    public ClusterView view() {
        Pass pass = last;
        ClusterSpec asked = spec;
        if (pass == null) {
            return new ClusterView(
                    asked.name(),
                    asked.clusterId(),
                    asked.groups(),
                    false,
                    0,
                    asked.shards(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of("starting"),
                    List.of());
        }
        ClusterView view = Views.of(pass, name -> platform.place(name).orElse(MemberPlace.UNKNOWN));
        return pass.spec().equals(asked) ? view : view.asked(asked.groups());
    }

    /**
     * Asks for another number of groups; the control loop does the rest.
     *
     * @throws UserError when there can't be so many
     */
    public synchronized void scale(int groups) {
        change(groups, spec.replicas(), spec.maxMoves(), spec.maxMovesPerGroup());
    }

    /**
     * Asks for what the file says; the control loop does the rest.
     *
     * @throws UserError when it says what can't be, or can't be changed
     */
    public synchronized void apply(ClusterFile file) {
        directory.refuseOther(file);
        change(file.groups(), file.replicas(), file.maxMoves(), file.maxMovesPerGroup());
    }

    private void change(int groups, int replicas, int maxMoves, int maxMovesPerGroup) {
        try {
            spec = directory.change(groups, replicas, maxMoves, maxMovesPerGroup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        wake.release();
    }

    /** Waits until somebody asks over the console that the cluster be stopped. */
    public void awaitStop() throws InterruptedException {
        stopAsked.await();
    }

    /** Waits until everything is as asked, and returns how it then is. */
    public ClusterView awaitSettled(long timeoutMillis) throws InterruptedException, TimeoutException {
        long startNanos = System.nanoTime();
        for (ClusterView view = view(); ; view = view()) {
            if (view.settled()) {
                return view;
            }
            if (System.nanoTime() - startNanos > TimeUnit.MILLISECONDS.toNanos(timeoutMillis)) {
                throw new TimeoutException(view.headline() + " " + view.findings());
            }
            Thread.sleep(20);
        }
    }

    public String name() {
        return spec.name();
    }

    public String consoleAddress() {
        return console.address();
    }

    public String token() {
        return directory.token();
    }

    /** The pattern of the log files' names; see {@link LogFile}. */
    public Path log() {
        return directory.log();
    }

    public Path data() {
        return root;
    }

    /** Ends the control of it; members that are processes of their own go on. */
    public void abandon() {
        stopControl();
        database.close();
    }

    private void stopControl() {
        closing = true;
        console.close();
        wake.release();
        try {
            loop.join();
            restarts.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopControl();
        platform.close();
        database.close();
        if (temporary) {
            try {
                ClusterDirectory.deleteAll(root);
            } catch (IOException e) {
                LOG.warn("event=data_left directory={} reason=\"{}\"", root, e.getMessage());
            }
        }
    }
}
