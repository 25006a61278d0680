package dev.quorate.app;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether clients should be sent to this node. Liveness is Quarkus' own: the process answers. */
@ApplicationScoped
class Health {
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck readiness(NodeProcess process) {
        return () -> HealthCheckResponse.named("node")
                .status(process.ready())
                .withData("trouble", process.node().describe().getTrouble())
                .build();
    }
}
