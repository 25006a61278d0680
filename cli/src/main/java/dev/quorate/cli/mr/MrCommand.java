package dev.quorate.cli.mr;

import picocli.CommandLine.Command;

/** {@code quorate mr}. */
@Command(
        name = "mr",
        description = "MapReduce jobs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            StoredJobCommand.Submit.class,
            StoredJobCommand.Coordinate.class,
            StoredJobCommand.Work.class,
            StatusCommand.class,
            StoredJobCommand.Delete.class,
        })
public final class MrCommand {}
