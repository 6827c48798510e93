package io.gamemesh.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file-based catalog with one package and one channel. It holds the objects of its bundles, so that it can be served
 * and installed from without a registry that has their images.
 *
 * @param bundles all versions, each of which replaces the one before it if it says so
 * @see <a href="https://olm.operatorframework.io/docs/reference/file-based-catalogs/">File-based catalogs</a>
 */
public record Catalog(List<Bundle> bundles) {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper JSON = new JsonMapper();

    public Catalog {
        bundles = List.copyOf(bundles);
    }

    /** The content of the one file that a folder for {@code opm serve} needs. */
    public String yaml() {
        ObjectNode csv = bundles.getLast().objects().getFirst();
        ObjectNode pack = NODES.objectNode()
                .put("schema", "olm.package")
                .put("name", Bundle.PACKAGE)
                .put("defaultChannel", Bundle.CHANNEL)
                .put("description", csv.at("/metadata/annotations/description").asText());
        pack.set("icon", csv.at("/spec/icon/0"));
        ObjectNode channel = NODES.objectNode()
                .put("schema", "olm.channel")
                .put("package", Bundle.PACKAGE)
                .put("name", Bundle.CHANNEL);
        ArrayNode entries = channel.putArray("entries");
        for (Bundle bundle : bundles) {
            ObjectNode entry = entries.addObject().put("name", bundle.name());
            JsonNode replaces = bundle.objects().getFirst().at("/spec/replaces");
            if (!replaces.isMissingNode()) {
                entry.set("replaces", replaces);
            }
        }
        List<ObjectNode> documents = new ArrayList<>(List.of(pack, channel));
        bundles.forEach(bundle -> documents.add(blob(bundle)));
        return documents.stream().map(Yaml::write).collect(Collectors.joining("---\n", "---\n", ""));
    }

    private static ObjectNode blob(Bundle bundle) {
        ObjectNode blob = NODES.objectNode()
                .put("schema", "olm.bundle")
                .put("package", Bundle.PACKAGE)
                .put("name", bundle.name());
        ArrayNode properties = blob.putArray("properties");
        ObjectNode csv = bundle.objects().getFirst();
        for (JsonNode owned : csv.at("/spec/customresourcedefinitions/owned")) {
            String name = owned.path("name").asText();
            property(properties, "olm.gvk")
                    .put("group", name.substring(name.indexOf('.') + 1))
                    .put("kind", owned.path("kind").asText())
                    .put("version", owned.path("version").asText());
        }
        property(properties, "olm.package").put("packageName", Bundle.PACKAGE).put("version", bundle.version());
        for (ObjectNode object : bundle.objects()) {
            property(properties, "olm.bundle.object").put("data", encoded(object));
        }
        blob.set("relatedImages", csv.at("/spec/relatedImages"));
        return blob;
    }

    private static ObjectNode property(ArrayNode properties, String type) {
        return properties.addObject().put("type", type).putObject("value");
    }

    private static String encoded(JsonNode object) {
        try {
            return Base64.getEncoder()
                    .encodeToString(JSON.writeValueAsString(object).getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was read can be written", e);
        }
    }
}
