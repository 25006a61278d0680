package dev.quorate.cli;

import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersRequest.Promotion;
import dev.quorate.api.ChangeMembersResponse;
import dev.quorate.api.CompareReplicasResponse;
import dev.quorate.api.Member;
import dev.quorate.cli.admin.AdminNodes;
import dev.quorate.cli.admin.MapRecovery;
import dev.quorate.cli.console.ClusterOption;
import dev.quorate.cli.console.RunningCluster;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.QuorateException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate admin}: what operators do by themselves, by hand; and what only a person may decide. */
abstract class AdminCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;

    @Command(
            name = "admin",
            description = "Administers a cluster's groups by their nodes' admin API.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND",
            subcommands = {ChangeMembers.class, CompareReplicas.class, RebuildMap.class})
    static final class All {}

    @Mixin
    private ClusterOption cluster;

    @ArgGroup(exclusive = false)
    private AdminAddresses elsewhere;

    @Mixin
    private TimeoutOption timeout;

    abstract int run(AdminNodes nodes);

    @Override
    public final Integer call() {
        try (AdminNodes nodes = connect()) {
            return run(nodes);
        } catch (QuorateException e) {
            throw UserError.failed(e.getMessage());
        }
    }

    private AdminNodes connect() {
        if (elsewhere == null) {
            RunningCluster running = cluster.running();
            List<String> addresses = cluster.console().status().addresses(MemberView::admin);
            return AdminNodes.find(addresses, running.token(), timeout.duration());
        }
        try {
            return AdminNodes.find(elsewhere.addresses(), elsewhere.token(), timeout.duration());
        } catch (IllegalArgumentException e) {
            throw UserError.misused(e.getMessage() + ".");
        }
    }

    @Command(
            name = "change-members",
            description =
                    "Adds a member to a group, gives it a vote, or removes one. The operator keeps groups at spec.replicas, and may change it back.",
            mixinStandardHelpOptions = true)
    static final class ChangeMembers extends AdminCommand {
        @Option(names = "--group", required = true, paramLabel = "N", description = "The group's number.")
        private int group;

        @ArgGroup(multiplicity = "1")
        private Change change;

        static final class Change {
            @Option(
                    names = "--add",
                    paramLabel = "NODE",
                    description = "An empty node, by name: it gets the log, but no vote.")
            private Optional<String> add = Optional.empty();

            @Option(
                    names = "--promote",
                    paramLabel = "MEMBER",
                    description = "A member without a vote that has caught up, by name or id.")
            private Optional<String> promote = Optional.empty();

            @Option(
                    names = "--remove",
                    paramLabel = "MEMBER",
                    description = "By name or id. It never comes back: its node makes a new member.")
            private Optional<String> remove = Optional.empty();
        }

        @Override
        int run(AdminNodes nodes) {
            AdminNodes.Node leader = nodes.requireLeader(group);
            ChangeMembersRequest.Builder request = ChangeMembersRequest.newBuilder();
            change.add.ifPresent(
                    name -> request.setAdd(nodes.require(name).said().getMember()));
            change.promote.ifPresent(
                    name -> request.setPromote(Promotion.newBuilder().setId(memberId(leader, name))));
            change.remove.ifPresent(name -> request.setRemove(memberId(leader, name)));
            ChangeMembersResponse response = leader.admin().changeMembers(request.build());
            System.out.println((response.getAlready() ? "it was so already: " : "")
                    + "voters " + names(nodes, leader, response.getVoterIdsList())
                    + (response.getLearnerIdsCount() == 0
                            ? ""
                            : "; without a vote " + names(nodes, leader, response.getLearnerIdsList())));
            return 0;
        }

        private static String memberId(AdminNodes.Node leader, String nameOrId) {
            return leader.said().getMembersList().stream()
                    .filter(member ->
                            member.getName().equals(nameOrId) || member.getId().equals(nameOrId))
                    .map(Member::getId)
                    .findFirst()
                    .orElseThrow(
                            () -> UserError.misused("group " + leader.group() + " has no member " + nameOrId + "."));
        }

        /** The one that has just been added is known by its node alone. */
        private static String names(AdminNodes nodes, AdminNodes.Node leader, List<String> ids) {
            return ids.stream()
                    .map(id -> leader.said().getMembersList().stream()
                            .filter(member -> member.getId().equals(id))
                            .map(Member::getName)
                            .findFirst()
                            .orElseGet(() -> nodes.require(id).name()))
                    .sorted()
                    .collect(Collectors.joining(" "));
        }
    }

    @Command(
            name = "compare-replicas",
            description =
                    "Compares the replicas of shards now, as goes on in the background all the time; exits 1 when some differ.",
            mixinStandardHelpOptions = true)
    static final class CompareReplicas extends AdminCommand {
        @Option(names = "--shard", paramLabel = "N", description = "Only this one; without: all of them.")
        private Optional<Integer> shard = Optional.empty();

        @Override
        int run(AdminNodes nodes) {
            int count = nodes.newestMap().getShardCount();
            if (shard.filter(number -> number < 0 || number >= count).isPresent()) {
                throw UserError.misused("shards are 0 to " + (count - 1) + ", so there is no " + shard.get() + ".");
            }
            int different = 0;
            for (int number :
                    shard.map(IntStream::of).orElse(IntStream.range(0, count)).toArray()) {
                AdminNodes.Node leader = nodes.requireLeader(nodes.newestMap().getOwner(number));
                CompareReplicasResponse response = leader.admin().compareReplicas(number);
                if (!response.getEqual() || shard.isPresent()) {
                    System.out.println("shard " + number + ": " + response.getWords());
                }
                different += response.getEqual() ? 0 : 1;
            }
            System.out.println(different == 0 ? "all that answered are equal" : different + " shards differ");
            return different == 0 ? 0 : DIFFERENT;
        }
    }

    @Command(
            name = "rebuild-map",
            description =
                    "Forms a lost root group anew, on its empty nodes, and rebuilds the shard map from what the other groups own."
                            + " Refused where a group does not answer or two claim one shard.",
            mixinStandardHelpOptions = true)
    static final class RebuildMap extends AdminCommand {
        @Option(names = "--dry-run", description = "Says what would be done, and changes nothing.")
        private boolean dryRun;

        @Option(
                names = "--give-up-lost-shards",
                description = "The root group's own shards are lost with it: lets them begin anew, empty.")
        private boolean giveUpLost;

        @Override
        int run(AdminNodes nodes) {
            new MapRecovery(nodes, System.out::println).run(dryRun, giveUpLost);
            if (dryRun) {
                System.out.println("nothing was changed");
            }
            return 0;
        }
    }
}
