package dev.quorate.operator;

import dev.quorate.operator.resources.ClusterIdentity;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** One operator of several works: the holder of a Lease. */
@ApplicationScoped
class LeaderElection {
    @Produces
    @ApplicationScoped
    LeaderElectionConfiguration lease(
            @ConfigProperty(name = "pod.namespace") Optional<String> namespace,
            @ConfigProperty(name = "pod.name") Optional<String> identity) {
        LeaderElectionConfigurationBuilder builder =
                LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(ClusterIdentity.OPERATOR);
        namespace.ifPresent(builder::withLeaseNamespace);
        identity.ifPresent(builder::withIdentity);
        return builder.build();
    }
}
