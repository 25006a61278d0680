package dev.quorate.cli.console;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quorate.cli.output.UserError;
import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

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
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final String API_VERSION = KVCluster.GROUP + "/" + KVCluster.VERSION;

    /** @throws UserError when it can't be read, or holds something else */
    public static ClusterFile read(Path file) {
        if (Files.notExists(file)) {
            throw UserError.misused(
                    "there is no file " + file + ": a KVCluster is needed; examples/kvcluster.yaml is one.");
        }
        try {
            return of(YAML.readTree(file.toFile()), file);
        } catch (UnrecognizedPropertyException e) {
            throw UserError.misused(file + " is not a KVCluster: there is no field " + field(e) + ", but "
                    + e.getKnownPropertyIds().stream()
                            .map(Object::toString)
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + ".");
        } catch (MismatchedInputException e) {
            throw UserError.misused(file + " is not a KVCluster: " + field(e) + " must be " + wanted(e)
                    + (e instanceof InvalidFormatException wrong ? ", not \"" + wrong.getValue() + "\"" : "") + ".");
        } catch (JsonProcessingException e) {
            throw UserError.misused(file + " is not a KVCluster: " + inOneLine(e) + ".");
        } catch (IOException e) {
            throw UserError.misused(file + " can't be read: " + e.getMessage() + ".");
        }
    }

    private static String field(JsonMappingException failure) {
        return failure.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .collect(Collectors.joining(".", "spec.", ""));
    }

    private static String wanted(MismatchedInputException failure) {
        Class<?> type = failure.getTargetType();
        if (type == Integer.class) {
            return "a whole number";
        }
        return type.isRecord() ? "a map of fields" : "a " + type.getSimpleName();
    }

    /** The parser's reason goes over several lines, and shows the text once more. */
    private static String inOneLine(JsonProcessingException e) {
        String reason = e.getOriginalMessage().lines().findFirst().orElse("");
        JsonLocation at = e.getLocation();
        return (at == null ? "" : "line " + at.getLineNr() + ": ") + reason.replaceFirst("\\.$", "");
    }

    private static ClusterFile of(JsonNode document, Path file) throws JsonProcessingException {
        String apiVersion = document.path("apiVersion").asText();
        String kind = document.path("kind").asText();
        if (!apiVersion.equals(API_VERSION) || !kind.equals("KVCluster")) {
            String found = (apiVersion + " " + kind).strip();
            throw UserError.misused(file + (found.isEmpty() ? " holds no resource" : " holds a " + found) + ": a "
                    + API_VERSION + " KVCluster is needed; examples/kvcluster.yaml is one.");
        }
        String name = document.path("metadata").path("name").asText();
        if (!name.matches("[a-z]([a-z0-9-]*[a-z0-9])?") || name.length() > KVCluster.MAX_NAME_LENGTH) {
            throw UserError.misused("metadata.name in " + file + " must have 1 to " + KVCluster.MAX_NAME_LENGTH
                    + " small letters, digits and dashes and start with a letter, unlike \"" + name + "\".");
        }
        JsonNode asked = document.path("spec");
        KVClusterSpec spec = YAML.treeToValue(asked.isObject() ? asked : YAML.createObjectNode(), KVClusterSpec.class);
        return new ClusterFile(
                name,
                spec.groups(),
                spec.replicas(),
                spec.shards(),
                spec.rebalance().maxMoves(),
                spec.rebalance().maxMovesPerGroup());
    }
}
