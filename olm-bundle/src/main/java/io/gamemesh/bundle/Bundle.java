package io.gamemesh.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One version of the operator as the Operator Lifecycle Manager installs it: a ClusterServiceVersion and the objects
 * beside it. Immutable.
 *
 * @see <a href="https://olm.operatorframework.io/docs/tasks/creating-operator-bundle/">Creating operator bundles</a>
 */
public final class Bundle {

    /** The name of the package, and the first part of the names of its versions. */
    public static final String PACKAGE = "gamemesh-operator";

    /** The only channel. */
    public static final String CHANNEL = "stable";

    private static final String CSV_KIND = "ClusterServiceVersion";
    private static final String SERVER_IMAGE = "GAMEMESH_SERVER_IMAGE";
    private static final String VERSION_LABEL = "app.kubernetes.io/version";

    private final ObjectNode csv;
    private final List<ObjectNode> others;

    Bundle(ObjectNode csv, List<ObjectNode> others) {
        this.csv = csv.deepCopy();
        this.others = others.stream().map(ObjectNode::deepCopy).toList();
    }

    /**
     * Reads a bundle's folder.
     *
     * @throws UncheckedIOException if it cannot be read
     * @throws IllegalArgumentException if it has no ClusterServiceVersion
     */
    public static Bundle read(Path folder) {
        List<ObjectNode> objects = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("manifests"))) {
            files.sorted().forEach(file -> objects.addAll(Yaml.objects(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ObjectNode csv = objects.stream()
                .filter(Bundle::isCsv)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s has no %s".formatted(folder, CSV_KIND)));
        return new Bundle(csv, objects.stream().filter(object -> !isCsv(object)).toList());
    }

    /** This bundle as another version: its name, what it replaces, and its images. */
    public Bundle release(Release release) {
        Bundle next = new Bundle(csv, others);
        next.become(release);
        return next;
    }

    private void become(Release release) {
        csv.withObject("/metadata").put("name", nameOf(release.version()));
        csv.withObject("/metadata/annotations").put("containerImage", release.operatorImage());
        ObjectNode spec = csv.withObject("/spec");
        spec.put("version", release.version());
        spec.remove("replaces");
        release.replaces().ifPresent(version -> spec.put("replaces", nameOf(version)));
        ObjectNode pod = (ObjectNode) csv.at("/spec/install/spec/deployments/0/spec/template");
        pod.withObject("/metadata/labels").put(VERSION_LABEL, release.version());
        ObjectNode container = (ObjectNode) pod.at("/spec/containers/0");
        container.put("image", release.operatorImage());
        serverImage(container).put("value", release.serverImage());
        spec.putArray("relatedImages")
                .add(image("operator", release.operatorImage()))
                .add(image("game-server", release.serverImage()));
    }

    private static ObjectNode serverImage(ObjectNode container) {
        for (JsonNode variable : container.path("env")) {
            if (variable.path("name").asText().equals(SERVER_IMAGE)) {
                return (ObjectNode) variable;
            }
        }
        throw new IllegalStateException("the operator's container has no variable " + SERVER_IMAGE);
    }

    private static ObjectNode image(String name, String image) {
        return JsonNodeFactory.instance.objectNode().put("name", name).put("image", image);
    }

    private static String nameOf(String version) {
        return PACKAGE + ".v" + version;
    }

    private static boolean isCsv(JsonNode object) {
        return object.path("kind").asText().equals(CSV_KIND);
    }

    /** The name of its ClusterServiceVersion. */
    public String name() {
        return Manifests.name(csv);
    }

    /** The version. */
    public String version() {
        return csv.at("/spec/version").asText();
    }

    /**
     * A copy in which the deployment of the operator is changed, for tests of versions that go wrong.
     *
     * @param pointer a JSON pointer into the deployment's spec
     * @param field the field of the object there
     * @param value what it becomes
     */
    public Bundle withDeployment(String pointer, String field, int value) {
        Bundle changed = new Bundle(csv, others);
        changed.csv
                .withObject("/spec/install/spec/deployments/0/spec" + pointer)
                .put(field, value);
        return changed;
    }

    /** The objects, the ClusterServiceVersion first. */
    List<ObjectNode> objects() {
        return Stream.concat(Stream.of(csv), others.stream())
                .map(ObjectNode::deepCopy)
                .toList();
    }

    /** Relative path to content, of a bundle's folder or image. */
    public Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        for (ObjectNode object : objects()) {
            files.put("manifests/" + fileName(object), Yaml.write(object));
        }
        ObjectNode annotations = JsonNodeFactory.instance.objectNode();
        annotations
                .putObject("annotations")
                .put("operators.operatorframework.io.bundle.mediatype.v1", "registry+v1")
                .put("operators.operatorframework.io.bundle.manifests.v1", "manifests/")
                .put("operators.operatorframework.io.bundle.metadata.v1", "metadata/")
                .put("operators.operatorframework.io.bundle.package.v1", PACKAGE)
                .put("operators.operatorframework.io.bundle.channels.v1", CHANNEL)
                .put("operators.operatorframework.io.bundle.channel.default.v1", CHANNEL);
        files.put("metadata/annotations.yaml", Yaml.write(annotations));
        StringBuilder dockerfile = new StringBuilder("FROM scratch\n");
        annotations
                .path("annotations")
                .properties()
                .forEach(label -> dockerfile.append("LABEL %s=%s\n"
                        .formatted(label.getKey(), label.getValue().asText())));
        files.put("Dockerfile", dockerfile + "COPY manifests /manifests/\nCOPY metadata /metadata/\n");
        return files;
    }

    private static String fileName(JsonNode object) {
        String kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
        return "%s.%s.yaml".formatted(isCsv(object) ? PACKAGE : Manifests.name(object), kind);
    }
}
