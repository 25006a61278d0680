package dev.quorate.server;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The members of one group, each a process. */
final class ProcessGroup implements AutoCloseable {
    final int id;
    final List<NodeProcess> nodes = new ArrayList<>();
    private List<Member> members = List.of();

    ProcessGroup(int id) {
        this.id = id;
    }

    void start(Path directory, int size) throws IOException {
        for (int i = 0; i < size; i++) {
            nodes.add(NodeProcess.start(directory, id, i));
        }
    }

    void bootstrap(List<Member> rootMembers) {
        members = nodes.stream().map(ProcessGroup::awaitMember).toList();
        BootstrapRequest request = BootstrapRequest.newBuilder()
                .setClusterId(TestGroup.CLUSTER)
                .setGroupId(id)
                .addAllMembers(members)
                .addAllRootMembers(rootMembers.isEmpty() ? members : rootMembers)
                .build();
        nodes.forEach(node -> node.admin().bootstrap(request));
    }

    private static Member awaitMember(NodeProcess node) {
        TestGroup.await("a process to start", () -> {
            node.assertAlive();
            return node.describe().isPresent();
        });
        return node.admin().describe().getMember();
    }

    List<Member> members() {
        return members;
    }

    void awaitReady() {
        TestGroup.await("all of group " + id + " to be ready", () -> {
            nodes.forEach(NodeProcess::assertAlive);
            return nodes.stream()
                    .allMatch(node ->
                            node.describe().filter(NodeDescription::getReady).isPresent());
        });
    }

    Optional<NodeProcess> leader() {
        return nodes.stream()
                .filter(node -> node.describe()
                        .filter(description -> description.getRole().equals("LEADER"))
                        .isPresent())
                .findFirst();
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
