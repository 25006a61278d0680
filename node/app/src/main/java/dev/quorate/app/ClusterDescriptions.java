package dev.quorate.app;

import dev.quorate.api.Group;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.QuorateException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What the cluster's nodes say of themselves. They are asked at most once a second, however many consoles look, and not at all when none does. */
@ApplicationScoped
public class ClusterDescriptions {
    private static final Duration TIMEOUT = Duration.ofMillis(700);
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final NodeProcess process;
    private final Map<Endpoint, AdminClient> clients = new ConcurrentHashMap<>();
    private Map<String, NodeDescription> latest = Map.of();
    private long takenNanos;

    ClusterDescriptions(NodeProcess process) {
        this.process = process;
    }

    /** By member id, of those that answered. */
    synchronized Map<String, NodeDescription> latest() {
        if (latest.isEmpty() || System.nanoTime() - takenNanos > FRESH_NANOS) {
            latest = ask();
            takenNanos = System.nanoTime();
        }
        return latest;
    }

    private Map<String, NodeDescription> ask() {
        Map<String, NodeDescription> answers = new ConcurrentHashMap<>();
        String self = process.node().member().getId();
        answers.put(self, process.node().describe());
        List<Member> others = process.node().data().route().getMap().getGroupsList().stream()
                .map(Group::getMembersList)
                .flatMap(List::stream)
                .filter(member -> !member.getId().equals(self))
                .toList();
        forgetAllBut(others);
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Member member : others) {
                calls.execute(() -> ask(member, answers));
            }
        }
        return Map.copyOf(answers);
    }

    private void ask(Member member, Map<String, NodeDescription> answers) {
        AdminClient client = clients.computeIfAbsent(
                endpoint(member), endpoint -> new AdminClient(endpoint, process.token(), TIMEOUT));
        try {
            answers.put(member.getId(), client.describe());
        } catch (QuorateException e) {
            // It does not answer: the console shows that.
        }
    }

    private void forgetAllBut(List<Member> members) {
        Set<Endpoint> wanted = new HashSet<>();
        members.forEach(member -> wanted.add(endpoint(member)));
        clients.forEach((endpoint, client) -> {
            if (!wanted.contains(endpoint) && clients.remove(endpoint, client)) {
                client.close();
            }
        });
    }

    private static Endpoint endpoint(Member member) {
        return new Endpoint(member.getHost(), member.getAdminPort());
    }

    @PreDestroy
    void close() {
        clients.values().forEach(AdminClient::close);
    }
}
