package dev.quorate.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVGroup;
import dev.quorate.crds.MapReduceJob;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.MockWebServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An API server in memory that understands server-side apply, for the operator under test. */
public class MockApiServer implements QuarkusTestResourceLifecycleManager {
    private final ApplyingDispatcher dispatcher = new ApplyingDispatcher(List.of(
            CustomResourceDefinitionContext.fromCustomResourceType(KVCluster.class),
            CustomResourceDefinitionContext.fromCustomResourceType(KVGroup.class),
            CustomResourceDefinitionContext.fromCustomResourceType(MapReduceJob.class)));
    private KubernetesMockServer server;

    @Override
    public Map<String, String> start() {
        server = new KubernetesMockServer(
                new io.fabric8.mockwebserver.Context(new ObjectMapper()),
                new MockWebServer(),
                new HashMap<>(),
                dispatcher,
                false);
        server.init();
        return Map.of(
                "quarkus.kubernetes-client.api-server-url", server.url("/"),
                "quarkus.kubernetes-client.trust-certs", "true",
                "quarkus.kubernetes-client.namespace", "test");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(dispatcher, new TestInjector.MatchesType(ApplyingDispatcher.class));
    }

    @Override
    public void stop() {
        server.destroy();
    }
}
