package io.gamemesh.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a console shows of the fields of a resource, derived from the schema of its definition. */
final class Descriptors {

    private static final String UI = "urn:alm:descriptor:com.tectonic.ui:";
    private static final String KUBERNETES = "urn:alm:descriptor:io.kubernetes";

    /** Fields that a console has a control of its own for. */
    private static final Map<String, String> BY_NAME = Map.of(
            "resources", UI + "resourceRequirements",
            "conditions", KUBERNETES + ".conditions",
            "phase", KUBERNETES + ".phase",
            "storageClassName", KUBERNETES + ":StorageClass",
            "imagePullPolicy", UI + "imagePullPolicy",
            "replicas", UI + "podCount",
            "readyReplicas", UI + "podCount",
            "desiredReplicas", UI + "podCount");

    /** Groups of fields that are seldom changed. */
    private static final List<String> ADVANCED = List.of("failover", "load", "monitoring");

    private Descriptors() {}

    /** One for each field that has a value of its own, in the order of the schema. */
    static ArrayNode of(JsonNode schema) {
        ArrayNode descriptors = JsonNodeFactory.instance.arrayNode();
        collect(schema, "", descriptors);
        return descriptors;
    }

    private static void collect(JsonNode schema, String prefix, ArrayNode descriptors) {
        schema.path("properties").properties().forEach(property -> {
            JsonNode field = property.getValue();
            String path = prefix + property.getKey();
            if (field.path("properties").isEmpty() || BY_NAME.containsKey(property.getKey())) {
                descriptors.add(descriptor(path, property.getKey(), field));
            } else {
                collect(field, path + ".", descriptors);
            }
        });
    }

    private static ObjectNode descriptor(String path, String name, JsonNode field) {
        ObjectNode descriptor = JsonNodeFactory.instance
                .objectNode()
                .put("description", field.path("description").asText())
                .put("displayName", title(path))
                .put("path", path);
        List<String> controls = controls(name, field);
        if (ADVANCED.contains(path.split("\\.", 2)[0])) {
            controls.add(UI + "advanced");
        }
        if (!controls.isEmpty()) {
            ArrayNode list = descriptor.putArray("x-descriptors");
            controls.forEach(list::add);
        }
        return descriptor;
    }

    private static List<String> controls(String name, JsonNode field) {
        List<String> controls = new ArrayList<>();
        String own = BY_NAME.get(name);
        if (own != null) {
            controls.add(own);
        } else if (!field.path("enum").isEmpty()) {
            field.path("enum").forEach(value -> controls.add(UI + "select:" + value.asText()));
        } else {
            switch (field.path("type").asText()) {
                case "boolean" -> controls.add(UI + "booleanSwitch");
                case "integer", "number" -> controls.add(UI + "number");
                case "string" -> controls.add(UI + "text");
                default -> {}
            }
        }
        return controls;
    }

    /** {@code servers.tickRate} is shown as {@code Servers Tick Rate}. */
    private static String title(String path) {
        List<String> words = new ArrayList<>();
        for (String word : path.split("\\.|(?<=[a-z0-9])(?=[A-Z])", -1)) {
            words.add(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return String.join(" ", words);
    }
}
