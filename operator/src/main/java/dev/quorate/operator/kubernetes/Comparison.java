package dev.quorate.operator.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Whether an object already is as it shall be. The API server adds defaults and others add fields: those are not compared. */
final class Comparison {
    private static final Pattern QUANTITY = Pattern.compile("[0-9]+(\\.[0-9]+)?(m|k|[KMGTPE]i?)?");

    private Comparison() {}

    /** Everything in {@code desired} is in {@code actual}: of lists each element, in any order. */
    static boolean covers(JsonNode actual, JsonNode desired) {
        if (actual == null || actual.isMissingNode()) {
            return desired.isNull();
        }
        if (desired.isObject()) {
            return desired.properties().stream()
                    .allMatch(field -> covers(actual.path(field.getKey()), field.getValue()));
        }
        if (desired.isArray()) {
            return stream(desired).allMatch(element -> stream(actual).anyMatch(other -> covers(other, element)));
        }
        return actual.equals(desired) || sameQuantity(actual.asText(), desired.asText());
    }

    /** The API server writes quantities its own way: 1000m becomes 1. */
    private static boolean sameQuantity(String one, String other) {
        return QUANTITY.matcher(one).matches()
                && QUANTITY.matcher(other).matches()
                && new Quantity(one).equals(new Quantity(other));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
