package dev.quorate.operator;

import dev.quorate.control.AdminDatabase;
import dev.quorate.control.Database;
import dev.quorate.operator.resources.ClusterIdentity;
import io.quarkus.arc.DefaultBean;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** By the nodes' admin API. */
@ApplicationScoped
@DefaultBean
class AdminDatabases implements Databases {
    private record Connected(String token, Database database) {}

    private final Map<String, Connected> byUid = new ConcurrentHashMap<>();

    @Override
    public Database of(ClusterIdentity cluster, String token) {
        return byUid.compute(cluster.uid(), (uid, known) -> {
                    if (known != null && known.token().equals(token)) {
                        return known;
                    }
                    if (known != null) {
                        known.database().close();
                    }
                    return new Connected(token, new AdminDatabase(token));
                })
                .database();
    }

    @Override
    public void forgetAllBut(Set<String> clusterUids) {
        byUid.forEach((uid, known) -> {
            if (!clusterUids.contains(uid) && byUid.remove(uid, known)) {
                known.database().close();
            }
        });
    }

    @PreDestroy
    void close() {
        forgetAllBut(Set.of());
    }
}
