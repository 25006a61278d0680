package dev.quorate.cli;

import dev.quorate.cli.console.ClusterOption;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.process.Signal;
import dev.quorate.cli.view.ClusterView.MemberView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code quorate kill}, {@code pause} and {@code resume}: what befalls one member of a cluster of processes. */
abstract class MemberSignal implements Callable<Integer> {
    @Mixin
    private ClusterOption cluster;

    @Parameters(paramLabel = "MEMBER", description = "Its name, such as demo-1-0; quorate status shows them.")
    private String name;

    private final Signal signal;
    private final String done;

    MemberSignal(Signal signal, String done) {
        this.signal = signal;
        this.done = done;
    }

    @Override
    public Integer call() {
        var running = cluster.running();
        MemberView member = cluster.member(name);
        if (member.pid() == running.process().pid()) {
            throw UserError.misused("the members of cluster " + running.name()
                    + " share one process: start it with quorate up or demo --processes.");
        }
        if (member.pid() == 0) {
            throw UserError.failed("member " + name + " does not run just now: it is started again by itself.");
        }
        signal.send(member.pid());
        System.out.println(name + " (process " + member.pid() + ") " + done);
        return 0;
    }

    @Command(
            name = "kill",
            description = "Kills a member's process; it is started again by itself.",
            mixinStandardHelpOptions = true)
    static final class Kill extends MemberSignal {
        Kill() {
            super(Signal.KILL, "is killed");
        }
    }

    @Command(
            name = "pause",
            description = "Stops the time of a member's process until quorate resume.",
            mixinStandardHelpOptions = true)
    static final class Pause extends MemberSignal {
        Pause() {
            super(Signal.STOP, "stands still");
        }
    }

    @Command(name = "resume", description = "Lets a paused member go on.", mixinStandardHelpOptions = true)
    static final class Resume extends MemberSignal {
        Resume() {
            super(Signal.CONT, "goes on");
        }
    }
}
