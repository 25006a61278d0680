package dev.quorate.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quorate.server.console.ConsolePage;
import dev.quorate.server.console.StatusJson;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The console of the cluster, as this node knows it. */
@Path("/")
public class ConsoleResource {
    private final ClusterDescriptions descriptions;
    private final NodeProcess process;

    ConsoleResource(ClusterDescriptions descriptions, NodeProcess process) {
        this.descriptions = descriptions;
        this.process = process;
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    public String page() {
        return ConsolePage.html();
    }

    @GET
    @Path("api/status")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public JsonNode status() {
        return StatusJson.of(
                process.node().config().clusterId(), process.node().data().route(), descriptions.latest());
    }
}
