package dev.quorate.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** One invocation as a line of JSON, and back. */
final class JsonLine {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonLine() {}

    static String of(Invocation invocation) {
        ObjectNode line = MAPPER.createObjectNode().put("client", invocation.client());
        writeOperation(invocation.operation(), line);
        line.set("result", invocation.result() == null ? null : result(invocation.result()));
        line.put("call_ns", invocation.callNanos());
        line.put("return_ns", invocation.returnNanos() == Invocation.NEVER ? null : (Long) invocation.returnNanos());
        line.put("outcome", invocation.outcome().name().toLowerCase(Locale.ROOT));
        return line.toString();
    }

    private static void writeOperation(Operation operation, ObjectNode line) {
        ObjectNode arguments = MAPPER.createObjectNode().put("key", operation.key());
        String name = switch (operation) {
            case Operation.Get get -> "get";
            case Operation.Put(var key, var value) -> {
                arguments.put("value", value);
                yield "put";
            }
            case Operation.Delete delete -> "delete";
            case Operation.CompareAndSet(var key, var expectedVersion, var value) -> {
                arguments.put("expected_version", expectedVersion).put("value", value);
                yield "cas";
            }
            case Operation.Increment(var key, var delta) -> {
                arguments.put("delta", delta);
                yield "increment";
            }
            case Operation.Append(var key, var suffix) -> {
                arguments.put("suffix", suffix);
                yield "append";
            }
        };
        line.put("operation", name).set("arguments", arguments);
    }

    private static ObjectNode result(Result result) {
        ObjectNode node = MAPPER.createObjectNode();
        return switch (result) {
            case Result.Read(var value, var version) -> node.put("value", value).put("version", version);
            case Result.Written(var version) -> node.put("version", version);
            case Result.Deleted(var existed) -> node.put("existed", existed);
            case Result.Swapped(var applied, var current) ->
                node.put("applied", applied).set("current", current == null ? null : result(current));
            case Result.Sum(var number) -> node.put("number", number);
            case Result.Length(var bytes) -> node.put("length", bytes);
        };
    }

    /** @throws IllegalArgumentException naming what is wrong */
    static Invocation parse(String text) {
        JsonNode line;
        try {
            line = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
        String operation = text(line, "operation");
        JsonNode result = required(line, "result");
        JsonNode returned = required(line, "return_ns");
        return new Invocation(
                text(line, "client"),
                parseOperation(operation, required(line, "arguments")),
                result.isNull() ? null : parseResult(operation, result),
                number(line, "call_ns"),
                returned.isNull() ? Invocation.NEVER : number(line, "return_ns"),
                Outcome.valueOf(text(line, "outcome").toUpperCase(Locale.ROOT)));
    }

    private static Operation parseOperation(String name, JsonNode arguments) {
        String key = text(arguments, "key");
        return switch (name) {
            case "get" -> new Operation.Get(key);
            case "put" -> new Operation.Put(key, text(arguments, "value"));
            case "delete" -> new Operation.Delete(key);
            case "cas" ->
                new Operation.CompareAndSet(key, number(arguments, "expected_version"), text(arguments, "value"));
            case "increment" -> new Operation.Increment(key, number(arguments, "delta"));
            case "append" -> new Operation.Append(key, text(arguments, "suffix"));
            default -> throw new IllegalArgumentException("unknown operation '" + name + "'");
        };
    }

    private static Result parseResult(String operation, JsonNode result) {
        return switch (operation) {
            case "get" -> parseRead(result);
            case "put" -> new Result.Written(number(result, "version"));
            case "delete" -> new Result.Deleted(truth(result, "existed"));
            case "cas" -> {
                JsonNode current = required(result, "current");
                yield new Result.Swapped(truth(result, "applied"), current.isNull() ? null : parseRead(current));
            }
            case "increment" -> new Result.Sum(number(result, "number"));
            case "append" -> new Result.Length(number(result, "length"));
            default -> throw new IllegalArgumentException("unknown operation '" + operation + "'");
        };
    }

    private static Result.Read parseRead(JsonNode node) {
        JsonNode value = required(node, "value");
        return new Result.Read(value.isNull() ? null : text(node, "value"), number(node, "version"));
    }

    private static JsonNode required(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            throw new IllegalArgumentException("'" + field + "' is missing");
        }
        return value;
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = required(node, field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("'" + field + "' is not text");
        }
        return value.textValue();
    }

    private static long number(JsonNode node, String field) {
        JsonNode value = required(node, field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("'" + field + "' is not a whole number of 64 bits");
        }
        return value.longValue();
    }

    private static boolean truth(JsonNode node, String field) {
        JsonNode value = required(node, field);
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("'" + field + "' is neither true nor false");
        }
        return value.booleanValue();
    }
}
