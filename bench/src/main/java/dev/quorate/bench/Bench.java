package dev.quorate.bench;

import dev.quorate.bench.scaling.ScalingSimulatedCommand;
import picocli.CommandLine;

/** The program behind {@code bench/run}: by itself it compares systems, its subcommands measure one thing each. */
public final class Bench {
    private Bench() {}

    public static void main(String[] args) {
        CommandLine command = new CommandLine(new CompareCommand())
                .setCommandName("bench/run")
                .addSubcommand("idle", new IdleCommand())
                .addSubcommand("failover", new FailoverCommand())
                .addSubcommand("transfer", new TransferCommand())
                .addSubcommand("restart", new RestartCommand())
                .addSubcommand("micro", new MicroCommand())
                .addSubcommand("groups", new GroupsBench())
                .addSubcommand("move", new MoveBench())
                .addSubcommand("mr-backups", new BackupTasksCommand())
                .addSubcommand("mr-scale", new ManyTasksCommand())
                .addSubcommand("mr-scan", new KeyspaceScanCommand())
                .addSubcommand("scale", new ScaleBench())
                .addSubcommand("scaling-simulated", new ScalingSimulatedCommand());
        System.exit(command.execute(args));
    }
}
