package dev.quorate.operator;

import dev.quorate.operator.resources.ClusterIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands in for the nodes: one {@link FakeDatabase} for each cluster's name, kept when the KVCluster is made anew, as disks are. */
@ApplicationScoped
class FakeDatabases implements Databases {
    private final Map<String, FakeDatabase> byName = new ConcurrentHashMap<>();

    @Override
    public FakeDatabase of(ClusterIdentity cluster, String token) {
        return of(cluster.name());
    }

    FakeDatabase of(String cluster) {
        return byName.computeIfAbsent(cluster, FakeDatabase::new);
    }

    @Override
    public void forgetAllBut(Set<String> clusterUids) {}
}
