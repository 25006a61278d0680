package dev.quorate.cli.console;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quorate.cli.output.UserError;
import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a {@code KVCluster} file asks for, as far as it means something on one machine: storage, image, resources and scheduling don't.
 *
 * @param name the cluster's
 * @param groups how many groups shall serve
 * @param replicas members of each group
 * @param shards how many shards the keys are cut into
 * @param maxMoves most shards that move at once in the cluster
 * @param maxMovesPerGroup most shards that move from or to one group at once
 */
public record ClusterFile(String name, int groups, int replicas, int shards, int maxMoves, int maxMovesPerGroup) {
    /** As strict as Kubernetes: no text for a number, and none with a fraction for a whole one. */
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "metadata", "spec", "status");
    private static final String API_VERSION = KVCluster.GROUP + "/" + KVCluster.VERSION;

    /** @throws UserError when it can't be read, or holds something else */
    public static ClusterFile read(Path file) {
        if (Files.notExists(file)) {
            throw UserError.misused(
                    "there is no file " + file + ": a KVCluster is needed; examples/kvcluster.yaml is one.");
        }
        JsonNode document = MissingNode.getInstance();
        try {
            document = only(file);
            return of(document, file);
        } catch (UnrecognizedPropertyException e) {
            throw UserError.misused(file + " is not a KVCluster: there is no field " + field(e) + ", but "
                    + e.getKnownPropertyIds().stream()
                            .map(Object::toString)
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + ".");
        } catch (MismatchedInputException e) {
            throw UserError.misused(file + " is not a KVCluster: " + field(e) + " must be " + wanted(e) + ", not "
                    + found(at(document.path("spec"), e)) + ".");
        } catch (JsonMappingException e) {
            String field = e.getPath().isEmpty() ? "" : field(e) + ": ";
            throw UserError.misused(file + " is not a KVCluster: " + field + inOneLine(e) + ".");
        } catch (JsonProcessingException e) {
            throw UserError.misused(file + " is not a KVCluster: " + inOneLine(e) + ".");
        } catch (IOException e) {
            throw UserError.misused(file + " can't be read: " + e.getMessage() + ".");
        }
    }

    /** The file's resource; of another one, nothing would come, and nobody would be told. */
    private static JsonNode only(Path file) throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            JsonNode found = MissingNode.getInstance();
            while (documents.hasNextValue()) {
                JsonNode next = documents.nextValue();
                if (next.isNull()) {
                    continue;
                }
                if (!found.isMissingNode()) {
                    throw UserError.misused(file + " holds more than one resource: leave the KVCluster alone in it.");
                }
                found = next;
            }
            return found;
        }
    }

    private static String field(JsonMappingException failure) {
        return failure.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .collect(Collectors.joining(".", "spec.", ""));
    }

    private static JsonNode at(JsonNode spec, JsonMappingException failure) {
        JsonNode node = spec;
        for (JsonMappingException.Reference step : failure.getPath()) {
            node = step.getFieldName() == null ? node.path(step.getIndex()) : node.path(step.getFieldName());
        }
        return node;
    }

    /** What stands there, in words. */
    private static String found(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "a map";
            case NULL, MISSING -> "nothing";
            case STRING -> "the text \"" + node.asText() + "\"";
            case NUMBER, BOOLEAN, BINARY, POJO -> node.asText();
        };
    }

    private static String wanted(MismatchedInputException failure) {
        Class<?> type = failure.getTargetType();
        if (type == Integer.class) {
            return "a whole number";
        }
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(" or "));
        }
        return type.isRecord() ? "a map of fields" : "a " + type.getSimpleName();
    }

    /** The parser's reason goes over several lines, and shows the text once more. */
    private static String inOneLine(JsonProcessingException e) {
        String reason = e.getOriginalMessage().lines().findFirst().orElse("");
        JsonLocation at = e.getLocation();
        return (at == null || at.getLineNr() < 1 ? "" : "line " + at.getLineNr() + ": ")
                + reason.replaceFirst("\\.$", "");
    }

    private static ClusterFile of(JsonNode document, Path file) throws JsonProcessingException {
        String apiVersion = document.path("apiVersion").asText();
        String kind = document.path("kind").asText();
        if (!apiVersion.equals(API_VERSION) || !kind.equals("KVCluster")) {
            String found = (apiVersion + " " + kind).strip();
            throw UserError.misused(file + (found.isEmpty() ? " holds no resource" : " holds a " + found) + ": a "
                    + API_VERSION + " KVCluster is needed; examples/kvcluster.yaml is one.");
        }
        document.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw UserError.misused(file + " is not a KVCluster: there is no field " + field
                        + ", but apiVersion, kind, metadata, spec.");
            }
        });
        String name = document.path("metadata").path("name").asText();
        if (!name.matches("[a-z]([a-z0-9-]*[a-z0-9])?") || name.length() > KVCluster.MAX_NAME_LENGTH) {
            throw UserError.misused("metadata.name in " + file + " must have 1 to " + KVCluster.MAX_NAME_LENGTH
                    + " small letters, digits and dashes and start with a letter, unlike \"" + name + "\".");
        }
        KVClusterSpec spec = YAML.treeToValue(spec(document, file), KVClusterSpec.class);
        return new ClusterFile(
                name,
                spec.groups(),
                spec.replicas(),
                spec.shards(),
                spec.rebalance().maxMoves(),
                spec.rebalance().maxMovesPerGroup());
    }

    /** What is not said at all takes its defaults; what is said must be fields. */
    private static JsonNode spec(JsonNode document, Path file) {
        JsonNode spec = document.has("spec") ? document.get("spec") : YAML.createObjectNode();
        if (!spec.isObject()) {
            throw UserError.misused(
                    file + " is not a KVCluster: spec must be a map of fields, such as \"groups: 3\", not "
                            + found(spec) + ".");
        }
        return spec;
    }
}
