package io.gamemesh.operator.gamemesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lays a user's pod template over the operator's, after the manner of a strategic merge patch: objects are merged, lists
 * of named things (containers, volumes, environment, ports, mounts) by name, other lists replaced.
 */
final class PodOverlay {

    private final KubernetesSerialization serialization;

    PodOverlay(KubernetesSerialization serialization) {
        this.serialization = serialization;
    }

    PodTemplateSpec merge(PodTemplateSpec base, @Nullable PodTemplateSpec overlay) {
        if (overlay == null) {
            return base;
        }
        ObjectNode merged = serialization.convertValue(base, ObjectNode.class);
        merge(merged, serialization.convertValue(overlay, ObjectNode.class));
        return serialization.convertValue(merged, PodTemplateSpec.class);
    }

    private static void merge(ObjectNode base, ObjectNode overlay) {
        for (Map.Entry<String, JsonNode> field : overlay.properties()) {
            JsonNode present = base.get(field.getKey());
            JsonNode wanted = field.getValue();
            if (present instanceof ObjectNode inner && wanted instanceof ObjectNode over) {
                merge(inner, over);
            } else if (present instanceof ArrayNode list && wanted instanceof ArrayNode over && keyed(list, over)) {
                base.set(field.getKey(), mergeByKey(list, over));
            } else {
                base.set(field.getKey(), wanted);
            }
        }
    }

    private static boolean keyed(ArrayNode base, ArrayNode overlay) {
        return allHaveKeys(base) && allHaveKeys(overlay);
    }

    private static boolean allHaveKeys(ArrayNode list) {
        for (JsonNode element : list) {
            if (key(element) == null) {
                return false;
            }
        }
        return true;
    }

    private static ArrayNode mergeByKey(ArrayNode base, ArrayNode overlay) {
        Map<String, JsonNode> merged = new LinkedHashMap<>();
        for (JsonNode element : base) {
            merged.put(String.valueOf(key(element)), element);
        }
        for (JsonNode element : overlay) {
            String key = String.valueOf(key(element));
            if (merged.get(key) instanceof ObjectNode present && element instanceof ObjectNode over) {
                merge(present, over);
            } else {
                merged.put(key, element);
            }
        }
        ArrayNode result = base.arrayNode();
        merged.values().forEach(result::add);
        return result;
    }

    /** What Kubernetes merges an element by: the path of a mount, the name of all else that has one. */
    private static @Nullable String key(JsonNode element) {
        JsonNode mountPath = element.get("mountPath");
        JsonNode key = mountPath != null ? mountPath : element.get("name");
        return key == null || !key.isTextual() ? null : key.textValue();
    }
}
