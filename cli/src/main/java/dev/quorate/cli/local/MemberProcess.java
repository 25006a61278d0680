package dev.quorate.cli.local;

import dev.quorate.cli.process.Signal;
import dev.quorate.server.NodeConfig;
import dev.quorate.server.transport.FaultSwitch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member that is a process of its own. It goes on when the process that started it is killed, and can be taken over by the next one. */
final class MemberProcess implements RunningMember {
    private static final Logger LOG = LoggerFactory.getLogger(MemberProcess.class);
    private static final long GRACE_SECONDS = 60;
    private static final List<String> JVM_OPTIONS =
            List.of("-Xms32m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TrimNativeHeapInterval=60000");

    private final String name;
    private final ProcessHandle process;

    MemberProcess(String name, ProcessHandle process) {
        this.name = name;
        this.process = process;
    }

    /** Takes over the process that runs in the member's folder, or starts one. */
    static MemberProcess start(NodeConfig config, MemberHome home, boolean endsWithThisOne, boolean faultSwitch)
            throws IOException {
        var running = home.process();
        if (running.isPresent()) {
            return new MemberProcess(config.name(), running.get());
        }
        DurableFile.write(home.settings(), MemberSettings.of(config).toJson());
        List<String> arguments =
                new ArrayList<>(List.of("member", "--settings", home.settings().toString()));
        if (endsWithThisOne) {
            arguments.addAll(
                    List.of("--parent", String.valueOf(ProcessHandle.current().pid())));
        }
        List<String> jvmOptions = new ArrayList<>(JVM_OPTIONS);
        if (faultSwitch) {
            jvmOptions.add("-D" + FaultSwitch.PROPERTY + "=true");
        }
        Process started = ThisCommand.start(List.of(), jvmOptions, arguments, home.output());
        home.keepProcess(started.toHandle());
        return new MemberProcess(config.name(), started.toHandle());
    }

    @Override
    public boolean running() {
        return process.isAlive();
    }

    @Override
    public boolean ready() {
        return running();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        Signal.CONT.send(process.pid()); // it may have been paused, and would not hear the next one
        process.destroy();
        try {
            process.onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("event=member_killed member={} reason=\"did not stop in {} s\"", name, GRACE_SECONDS);
            process.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
