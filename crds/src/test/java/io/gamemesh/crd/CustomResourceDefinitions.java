package io.gamemesh.crd;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.crd.v1alpha1.Region;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The CRDs as the Java model has them. Fabric8's generator does most of it; what it has no annotation for (keys of list
 * maps, the order of columns, integer formats) is put in here.
 */
final class CustomResourceDefinitions {

    static final List<Class<? extends CustomResource<?, ?>>> KINDS = List.of(GameMesh.class, Region.class);

    private static final Map<String, String> LIST_MAP_KEYS =
            Map.of("conditions", "type", "servers", "name", "backups", "server");

    /** The generator writes bounds as doubles: 100.0, 1.6777215E7. */
    private static final Pattern WHOLE_DOUBLE =
            Pattern.compile("(?<=(?:minimum|maximum): )-?[0-9]+(?:\\.[0-9]+)?(?:E[0-9]+)?$", Pattern.MULTILINE);

    /** In YAML 1.1, which Kubernetes reads, a bare y means true. */
    private static final Pattern BARE_Y = Pattern.compile("(?<=- )y$", Pattern.MULTILINE);

    private CustomResourceDefinitions() {}

    /**
     * Writes one file for each kind.
     *
     * @param directory where to; made if it is not there
     * @return file name to YAML, in the order of {@link #KINDS}
     */
    static Map<String, String> generate(Path directory) throws IOException {
        Files.createDirectories(directory);
        var files = new LinkedHashMap<String, String>();
        for (var kind : KINDS) {
            new CRDGenerator()
                    .customResourceClasses(kind)
                    .forCRDVersions("v1")
                    .withMinQuotes(true)
                    .withParallelGenerationEnabled(false)
                    .withPostProcessor(new Finish(kind))
                    .inOutputDir(directory.toFile())
                    .detailedGenerate();
            var name = CustomResource.getCRDName(kind);
            var file = directory.resolve(name + ".yaml");
            Files.move(directory.resolve(CRDGenerator.getOutputName(name, "v1") + ".yml"), file, REPLACE_EXISTING);
            var yaml = tidy(Files.readString(file));
            Files.writeString(file, yaml);
            files.put(file.getFileName().toString(), yaml);
        }
        return files;
    }

    private static String tidy(String yaml) {
        var numbers = WHOLE_DOUBLE
                .matcher(yaml)
                .replaceAll(number -> new BigDecimal(number.group())
                        .setScale(0, RoundingMode.UNNECESSARY)
                        .toPlainString());
        return BARE_Y.matcher(numbers).replaceAll("\"y\"");
    }

    private record Finish(Class<?> kind) implements CRDPostProcessor {

        @Override
        public HasMetadata process(HasMetadata generated, String crdSpecVersion) {
            var crd = (CustomResourceDefinition) generated;
            for (var version : crd.getSpec().getVersions()) {
                orderColumns(version);
                var root = version.getSchema().getOpenAPIV3Schema();
                finish(root);
                root.setDescription(
                        kind.getAnnotation(JsonClassDescription.class).value());
                requireSpec(root);
            }
            return crd;
        }

        /** As declared; the generator sorts them by path. */
        private void orderColumns(CustomResourceDefinitionVersion version) {
            var declared = new ArrayList<String>();
            for (var column : kind.getAnnotationsByType(AdditionalPrinterColumn.class)) {
                declared.add(column.name());
            }
            version.getAdditionalPrinterColumns()
                    .sort(Comparator.comparingInt((CustomResourceColumnDefinition c) -> declared.indexOf(c.getName())));
        }

        private static void requireSpec(JSONSchemaProps root) {
            var spec = requireNonNull(root.getProperties().get("spec"), "spec");
            spec.setDescription("What is asked for.");
            requireNonNull(root.getProperties().get("status"), "status").setDescription("What is observed.");
            if (spec.getRequired() == null || spec.getRequired().isEmpty()) {
                // Whole, since CEL rules are checked against a default before those below it are filled in.
                spec.setDefault(new KubernetesSerialization().convertValue(new GameMesh().getSpec(), JsonNode.class));
            } else {
                root.setRequired(List.of("spec"));
            }
        }

        private static void finish(JSONSchemaProps schema) {
            if (schema.getXKubernetesValidations() != null) {
                // A record's field and accessor carry the same annotations, and the generator takes both.
                schema.setXKubernetesValidations(
                        schema.getXKubernetesValidations().stream().distinct().toList());
            }
            if (schema.getProperties() == null) {
                return;
            }
            schema.getProperties().forEach((name, property) -> {
                var key = LIST_MAP_KEYS.get(name);
                if ("array".equals(property.getType()) && key != null) {
                    property.setXKubernetesListType("map");
                    property.setXKubernetesListMapKeys(List.of(key));
                }
                if ("conditions".equals(name)) {
                    property.getItems().setSchema(condition());
                } else if (property.getItems() != null) {
                    finish(property.getItems().getSchema());
                }
                finish(property);
            });
        }

        /** As {@code metav1.Condition} of Kubernetes itself has it; Fabric8's class has no bounds. */
        private static JSONSchemaProps condition() {
            return Serialization.unmarshal("""
                    type: object
                    required: [lastTransitionTime, message, reason, status, type]
                    properties:
                      lastTransitionTime:
                        description: When the condition last went from one status to another.
                        type: string
                        format: date-time
                      message:
                        description: What it means, for people; may be empty.
                        type: string
                        maxLength: 32768
                      observedGeneration:
                        description: The generation of the spec that the condition is about.
                        type: integer
                        format: int64
                        minimum: 0
                      reason:
                        description: Why, as one word in CamelCase, for programs.
                        type: string
                        minLength: 1
                        maxLength: 1024
                        pattern: ^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$
                      status:
                        description: True, False or Unknown.
                        type: string
                        enum: ["False", "True", "Unknown"]
                      type:
                        description: What is observed, in CamelCase.
                        type: string
                        maxLength: 316
                        pattern: ^[A-Z][A-Za-z0-9]*$
                    """, JSONSchemaProps.class);
        }
    }
}
