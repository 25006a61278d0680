package dev.quorate.cli.mr;

import picocli.CommandLine.Command;

/** {@code quorate mr}. */
@Command(
        name = "mr",
        description = "MapReduce jobs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class})
public final class MrCommand {}
