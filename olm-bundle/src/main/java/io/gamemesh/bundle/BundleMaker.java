package io.gamemesh.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Completes what Quarkus's generator starts. That knows what the operator says of itself; deployment and permissions come
 * from the manifests, descriptors from the schemas, examples from the samples, so that none of them is said twice.
 *
 * @param project the root folder of the project
 */
public record BundleMaker(Path project) {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Of what the start says of the operator as a whole. */
    private static final List<String> FROM_START = List.of(
            "displayName",
            "description",
            "maturity",
            "keywords",
            "minKubeVersion",
            "provider",
            "maintainers",
            "links",
            "installModes");

    /** Kinds that the operator makes for a user, by the names that its permissions have for them. */
    private static final Map<String, String> KINDS = Map.of(
            "statefulsets", "StatefulSet",
            "configmaps", "ConfigMap",
            "secrets", "Secret",
            "serviceaccounts", "ServiceAccount",
            "services", "Service",
            "poddisruptionbudgets", "PodDisruptionBudget",
            "regions", "Region");

    /** Kinds of the manifests that are files of the bundle; the others become part of its ClusterServiceVersion. */
    private static final Set<String> BESIDE =
            Set.of("CustomResourceDefinition", "Service", "PodDisruptionBudget", "ClusterRole");

    /** What the images are for. */
    private static final List<String> ARCHITECTURES = List.of("amd64");

    /**
     * The bundle of a release.
     *
     * @param start the ClusterServiceVersion that Quarkus's generator wrote
     */
    public Bundle make(Path start, Release release) {
        Manifests manifests = Manifests.read(project.resolve("manifests/base"));
        return make(Yaml.object(start), manifests).release(release);
    }

    private Bundle make(ObjectNode start, Manifests manifests) {
        ObjectNode csv = NODES.objectNode();
        csv.put("apiVersion", "operators.coreos.com/v1alpha1");
        csv.put("kind", "ClusterServiceVersion");
        ObjectNode metadata = csv.putObject("metadata");
        metadata.put("name", Bundle.PACKAGE);
        ObjectNode labels = metadata.putObject("labels");
        ARCHITECTURES.forEach(name -> labels.put("operatorframework.io/arch." + name, "supported"));
        labels.put("operatorframework.io/os.linux", "supported");
        metadata.set("annotations", annotations(start, manifests));
        ObjectNode spec = csv.putObject("spec");
        for (String field : FROM_START) {
            JsonNode value = start.path("spec").path(field);
            if (value.isMissingNode() || (value.isContainerNode() && value.isEmpty())) {
                throw new IllegalStateException("the start of the bundle lacks spec." + field);
            }
            spec.set(field, value);
        }
        spec.putArray("icon")
                .addObject()
                .put("base64data", Base64.getEncoder().encodeToString(icon()))
                .put("mediatype", "image/svg+xml");
        spec.putObject("customresourcedefinitions").set("owned", owned(manifests));
        spec.set("install", install(manifests));
        return new Bundle(csv, beside(manifests));
    }

    private ObjectNode annotations(ObjectNode start, Manifests manifests) {
        ObjectNode annotations = NODES.objectNode();
        annotations.put("alm-examples", pretty(examples()));
        for (String field : List.of("capabilities", "categories", "certified", "repository")) {
            annotations.set(field, start.at("/metadata/annotations").path(field));
        }
        annotations.put("description", firstLine(start.at("/spec/description").asText()));
        ObjectNode namespace = manifests.one("Namespace");
        annotations.put("operatorframework.io/suggested-namespace", Manifests.name(namespace));
        annotations.put("operatorframework.io/suggested-namespace-template", pretty(namespace));
        return annotations;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").replace("`", "");
    }

    /** The demo, which is the first one to try, comes first. Regions are made by the operator, so they have no sample. */
    private ArrayNode examples() {
        Path samples = project.resolve("crds/samples");
        ArrayNode examples = NODES.arrayNode();
        Path demo = samples.resolve("demo.yaml");
        examples.addAll(Yaml.objects(demo));
        try (Stream<Path> files = Files.list(samples)) {
            files.filter(file -> file.toString().endsWith(".yaml") && !file.equals(demo))
                    .sorted()
                    .forEach(file -> examples.addAll(Yaml.objects(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return examples.add(Yaml.object(project.resolve("crds/src/test/valid/region/one-of-eight.yaml")));
    }

    private byte[] icon() {
        try {
            return Files.readAllBytes(project.resolve("olm-bundle/icon.svg"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ArrayNode owned(Manifests manifests) {
        ArrayNode owned = NODES.arrayNode();
        manifests.ofKind("CustomResourceDefinition").forEach(definition -> {
            JsonNode version = definition.at("/spec/versions/0");
            JsonNode schema = version.at("/schema/openAPIV3Schema");
            String kind = definition.at("/spec/names/kind").asText();
            ObjectNode entry = owned.addObject()
                    .put("name", Manifests.name(definition))
                    .put("version", version.path("name").asText())
                    .put("kind", kind)
                    .put("displayName", kind.equals("GameMesh") ? "Game mesh" : kind)
                    .put("description", schema.path("description").asText());
            entry.set("resources", kind.equals("GameMesh") ? made(manifests) : NODES.arrayNode());
            entry.set("specDescriptors", Descriptors.of(schema.at("/properties/spec")));
            entry.set("statusDescriptors", Descriptors.of(schema.at("/properties/status")));
        });
        return owned;
    }

    /** What the operator may both create and delete is what it makes, and pods are what comes of it. */
    private static ArrayNode made(Manifests manifests) {
        Set<String> plurals = new LinkedHashSet<>();
        for (JsonNode rule : manifests.rules("ClusterRoleBinding", account(manifests))) {
            Set<String> verbs = texts(rule.path("verbs"));
            if (verbs.contains("create") && verbs.contains("delete")) {
                plurals.addAll(texts(rule.path("resources")));
            }
        }
        ArrayNode resources = NODES.arrayNode();
        for (String plural : plurals) {
            String kind = KINDS.get(plural);
            if (kind == null) {
                throw new IllegalStateException("of which kind are the %s that the operator makes?".formatted(plural));
            }
            resources.addObject().put("kind", kind).put("name", "").put("version", versionOf(kind));
        }
        resources.addObject().put("kind", "Pod").put("name", "").put("version", "v1");
        return resources;
    }

    private static String versionOf(String kind) {
        return kind.equals("Region") ? "v1alpha1" : "v1";
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    private static ObjectNode install(Manifests manifests) {
        String account = account(manifests);
        ObjectNode deployment = manifests.one("Deployment");
        ObjectNode spec = NODES.objectNode();
        spec.putArray("clusterPermissions")
                .addObject()
                .put("serviceAccountName", account)
                .set("rules", manifests.rules("ClusterRoleBinding", account));
        spec.putArray("permissions")
                .addObject()
                .put("serviceAccountName", account)
                .set("rules", manifests.rules("RoleBinding", account));
        ObjectNode install = spec.putArray("deployments").addObject().put("name", Manifests.name(deployment));
        install.set("label", deployment.at("/metadata/labels"));
        install.set("spec", deployment.path("spec").deepCopy());
        // Where images of one architecture run; validators ask for it.
        ArrayNode terms = install.withObject(
                        "/spec/template/spec/affinity/nodeAffinity" + "/requiredDuringSchedulingIgnoredDuringExecution")
                .putArray("nodeSelectorTerms")
                .addObject()
                .putArray("matchExpressions");
        ArrayNode architectures = terms.addObject()
                .put("key", "kubernetes.io/arch")
                .put("operator", "In")
                .putArray("values");
        ARCHITECTURES.forEach(architectures::add);
        terms.addObject()
                .put("key", "kubernetes.io/os")
                .put("operator", "In")
                .putArray("values")
                .add("linux");
        return NODES.objectNode().put("strategy", "deployment").set("spec", spec);
    }

    private static String account(Manifests manifests) {
        return manifests
                .one("Deployment")
                .at("/spec/template/spec/serviceAccountName")
                .asText();
    }

    /** All but the operator's own role, which is in the ClusterServiceVersion; the namespace is the user's choice. */
    private static List<ObjectNode> beside(Manifests manifests) {
        String operatorRole =
                manifests.one("ClusterRoleBinding").at("/roleRef/name").asText();
        List<ObjectNode> beside = new ArrayList<>();
        for (ObjectNode object : manifests.objects()) {
            boolean isOperatorRole = object.path("kind").asText().equals("ClusterRole")
                    && Manifests.name(object).equals(operatorRole);
            if (BESIDE.contains(object.path("kind").asText()) && !isOperatorRole) {
                ObjectNode copy = object.deepCopy();
                copy.withObject("/metadata").remove("namespace");
                beside.add(copy);
            }
        }
        return beside;
    }

    private static String pretty(JsonNode value) {
        DefaultIndenter newline = new DefaultIndenter("  ", "\n");
        try {
            return JsonMapper.builder()
                    .build()
                    .writer(new DefaultPrettyPrinter()
                            .withObjectIndenter(newline)
                            .withArrayIndenter(newline))
                    .writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was read can be written", e);
        }
    }
}
