package dev.quorate.operator;

import dev.quorate.control.Database;
import dev.quorate.operator.resources.ClusterIdentity;
import java.util.Set;

/** The clusters' databases: connections are kept from pass to pass. */
public interface Databases {
    /**
     * That of a cluster.
     *
     * @param token its admin token; another one than before means new connections
     */
    Database of(ClusterIdentity cluster, String token);

    /** Closes those of clusters that are not among these any more. */
    void forgetAllBut(Set<String> clusterUids);
}
