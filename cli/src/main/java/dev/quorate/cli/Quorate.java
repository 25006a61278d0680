package dev.quorate.cli;

import dev.quorate.cli.mr.MrCommand;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.writer.WriterCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code quorate} command. */
@Command(
        name = "quorate",
        description = "A sharded, strongly consistent key/value store.",
        mixinStandardHelpOptions = true,
        version = "quorate 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            ApplyCommand.class,
            DownCommand.class,
            StatusCommand.class,
            ScaleCommand.class,
            MemberSignal.Kill.class,
            MemberSignal.Pause.class,
            MemberSignal.Resume.class,
            PartitionCommand.class,
            ProxyCommand.class,
            DataCommand.Get.class,
            DataCommand.Put.class,
            DataCommand.Delete.class,
            DataCommand.Scan.class,
            AdminCommand.All.class,
            WriterCommand.class,
            LoadCommand.class,
            MrCommand.class,
            SoakCommand.class,
            ControlCommand.class,
            MemberCommand.class,
        })
public final class Quorate {
    private Quorate() {}

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs a command and returns its exit status. */
    static int execute(String... args) {
        return new CommandLine(new Quorate())
                .setExecutionExceptionHandler(Quorate::report)
                .setParameterExceptionHandler(Quorate::misused)
                .execute(args);
    }

    /** What is wrong, last and on its own, instead of somewhere above all the options. */
    private static int misused(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("quorate: " + e.getMessage() + ".");
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return UserError.MISUSED;
    }

    /** A user's error is a sentence; anything else is a fault of ours and shows where it came from. */
    private static int report(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof UserError error) {
            command.getErr().println("quorate: " + error.getMessage());
            return error.exitStatus();
        }
        throw e;
    }
}
