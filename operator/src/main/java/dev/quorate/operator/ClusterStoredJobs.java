package dev.quorate.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.mapreduce.coordinator.StatusReply;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.table.ClusterStore;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.operator.mapreduce.Stored;
import dev.quorate.operator.mapreduce.StoredJob;
import dev.quorate.operator.mapreduce.StoredJobs;
import io.quarkus.arc.DefaultBean;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** By the clusters' data API, and by what coordinators tell over HTTP. */
@ApplicationScoped
@DefaultBean
class ClusterStoredJobs implements StoredJobs {
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration COORDINATOR_TIMEOUT = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, KvClient> clients = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(COORDINATOR_TIMEOUT)
            .build();

    @Override
    public StoredJob of(String seeds, String name) {
        KvClient client = clients.computeIfAbsent(
                seeds, address -> new KvClient(List.of(Endpoint.parse(address)), STORE_TIMEOUT));
        return new InCluster(new JobTable(new ClusterStore(client), name));
    }

    private final class InCluster implements StoredJob {
        private final JobTable table;

        private InCluster(JobTable table) {
            this.table = table;
        }

        @Override
        public Stored observe() throws IOException {
            Optional<JobTable.Outcome> outcome = table.outcome();
            Optional<JobTable.Coordinator> coordinator = table.coordinator();
            if (outcome.isPresent()) {
                return new Stored.Ended(
                        coordinator.map(JobTable.Coordinator::epoch).orElse(0), outcome.get(), table.totals());
            }
            if (coordinator.isPresent()) {
                return new Stored.Coordinated(
                        coordinator.get().epoch(), ask(coordinator.get().address()));
            }
            return table.gone() ? new Stored.Absent() : new Stored.Submitted();
        }

        @Override
        public void submit(JobSpec spec) throws IOException {
            table.submit(spec);
        }

        @Override
        public void fail(String reason) throws IOException {
            table.end(new JobTable.Outcome(false, reason));
        }

        @Override
        public void delete() throws IOException {
            table.delete();
        }
    }

    /** How far the job is; empty when the coordinator does not say. */
    private Optional<StatusReply> ask(String address) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/status"))
                .timeout(COORDINATOR_TIMEOUT)
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return response.statusCode() == 200
                    ? Optional.of(JSON.readValue(response.body(), StatusReply.class))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it is dead, or not reachable for a while: the next pass asks its successor
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void forgetAllBut(Set<String> seeds) {
        clients.forEach((address, client) -> {
            if (!seeds.contains(address) && clients.remove(address, client)) {
                client.close();
            }
        });
    }

    @PreDestroy
    void close() {
        forgetAllBut(Set.of());
        http.close();
    }
}
