package dev.quorate.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * fabric8's mock of an API server, taught server-side apply: creates when absent unless a UID fences it, takes away what the same field manager
 * applied before and no longer does, and leaves the object as it is when nothing changes. Lists are replaced whole. Keeps what was written.
 */
public class ApplyingDispatcher extends KubernetesCrudDispatcher {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern MANAGER = Pattern.compile("[?&]fieldManager=([^&]+)");

    private final Map<String, JsonNode> applied = new ConcurrentHashMap<>();
    private final List<String> writes = new CopyOnWriteArrayList<>();

    ApplyingDispatcher(List<CustomResourceDefinitionContext> customResources) {
        super(customResources);
    }

    /** Every request so far that may change something, as method and path. */
    public List<String> writes() {
        return writes;
    }

    /** Puts an object there that watches have not told of yet. Who asks for it sees it. */
    public void createUnseen(HasMetadata object) {
        String json = Serialization.asJson(object);
        AttributeSet kind = getKey("/api/" + object.getApiVersion() + "/namespaces/"
                + object.getMetadata().getNamespace() + "/" + object.getPlural());
        map.put(AttributeSet.merge(kind, attributeExtractor.fromResource(json)), json);
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        if (request.method() == HttpMethod.GET) {
            return super.dispatch(request);
        }
        writes.add(request.getRequestLine());
        synchronized (applied) { // a write reads, changes and stores: no other one in between, as in a real API server
            return super.dispatch(request);
        }
    }

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
        String type = request.getHeader("Content-Type");
        if (type == null || !type.startsWith("application/apply-patch")) {
            return super.handlePatch(request);
        }
        Matcher manager = MANAGER.matcher(request.getPath());
        String path = request.getPath().replaceFirst("\\?.*", "");
        return apply(
                path,
                manager.find() ? manager.group(1) : "",
                parse(request.getBody().getBytes()));
    }

    private MockResponse apply(String path, String manager, ObjectNode desired) {
        MockResponse found = handleGet(path.replaceFirst("/status$", ""));
        JsonNode uid = desired.path("metadata").path("uid");
        boolean absent = found.code() == 404;
        JsonNode actual =
                absent ? JSON.createObjectNode() : parse(found.getBody().getBytes());
        if (!uid.isMissingNode() && !uid.equals(actual.path("metadata").path("uid"))) {
            return new MockResponse()
                    .setResponseCode(409)
                    .setBody("{\"kind\":\"Status\",\"code\":409,\"message\":\"uid mismatch\"}");
        }
        JsonNode before =
                applied.put(manager + " " + path + " " + actual.path("metadata").path("uid"), desired.deepCopy());
        if (absent) {
            MockResponse created =
                    handleCreate(request(HttpMethod.POST, path.substring(0, path.lastIndexOf('/')), desired));
            applied.put(
                    manager + " " + path + " "
                            + parse(created.getBody().getBytes())
                                    .path("metadata")
                                    .path("uid"),
                    desired);
            return created;
        }
        ObjectNode next = actual.deepCopy();
        if (before != null) {
            removeForgotten(before, desired, next);
        }
        merge(desired, next);
        return next.equals(actual) ? found : handleUpdate(request(HttpMethod.PUT, path, next));
    }

    /** Takes away what was applied before and is not any more. */
    private static void removeForgotten(JsonNode before, JsonNode desired, ObjectNode object) {
        before.properties().forEach(field -> {
            JsonNode wanted = desired.path(field.getKey());
            if (field.getValue().isObject() && object.path(field.getKey()).isObject()) {
                removeForgotten(field.getValue(), wanted, (ObjectNode) object.get(field.getKey()));
            } else if (wanted.isMissingNode()) {
                object.remove(field.getKey());
            }
        });
    }

    private static void merge(ObjectNode desired, ObjectNode object) {
        desired.properties().forEach(field -> {
            if (field.getValue().isObject() && object.path(field.getKey()).isObject()) {
                merge((ObjectNode) field.getValue(), (ObjectNode) object.get(field.getKey()));
            } else {
                object.set(field.getKey(), field.getValue());
            }
        });
    }

    private static RecordedRequest request(HttpMethod method, String path, JsonNode body) {
        Headers headers =
                Headers.builder().add("Content-Type", "application/json").build();
        return new RecordedRequest(
                "HTTP/1.1", method, path, headers, new Buffer(body.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static ObjectNode parse(byte[] json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
