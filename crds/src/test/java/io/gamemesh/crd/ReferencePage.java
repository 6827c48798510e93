package io.gamemesh.crd;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The reference page, written from the schemas of the CRDs: one section an object, one row a field. */
final class ReferencePage {

    private static final String HEADER = """
            # Resource reference

            Group `gamemesh.io`, version `v1alpha1`. This page is generated from the schema of the CRDs in
            [manifests/base/crds](../../manifests/base/crds); samples are in [crds/samples](../../crds/samples).

            Lengths are metres, positions `[x, y, z]` in a right-handed world whose y points up. Fields in **bold** are
            required.
            """;

    private final StringBuilder page = new StringBuilder(HEADER);

    private ReferencePage() {}

    static String generate(Collection<String> crds) {
        var page = new ReferencePage();
        for (var crd : crds) {
            page.kind(Serialization.unmarshal(crd, CustomResourceDefinition.class));
        }
        return page.page.toString();
    }

    private void kind(CustomResourceDefinition crd) {
        var names = crd.getSpec().getNames();
        var version = crd.getSpec().getVersions().getFirst();
        var schema = version.getSchema().getOpenAPIV3Schema();
        line("\n## " + names.getKind());
        line("\n" + schema.getDescription());
        line("\n    kubectl get %s   # or: kubectl get %s"
                .formatted(names.getPlural(), String.join(", ", names.getShortNames())));
        columns(version);
        scale(version);
        rules(schema);
        for (var part : List.of("spec", "status")) {
            section(
                    names.getKind() + "." + part,
                    requireNonNull(schema.getProperties().get(part), part));
        }
    }

    private void columns(CustomResourceDefinitionVersion version) {
        line("\n| column | shows |\n|---|---|");
        for (CustomResourceColumnDefinition column : version.getAdditionalPrinterColumns()) {
            line("| %s%s | `%s` |"
                    .formatted(column.getName(), column.getPriority() > 0 ? " (`-o wide`)" : "", column.getJsonPath()));
        }
    }

    private void scale(CustomResourceDefinitionVersion version) {
        var scale = version.getSubresources().getScale();
        if (scale != null) {
            line("\n`kubectl scale` and autoscalers set `%s` and read `%s`."
                    .formatted(
                            scale.getSpecReplicasPath().substring(1),
                            scale.getStatusReplicasPath().substring(1)));
        }
    }

    private void section(String path, JSONSchemaProps schema) {
        line("\n### " + path);
        line("\n" + schema.getDescription());
        line("\n| field | type | default | |\n|---|---|---|---|");
        var required = schema.getRequired() == null ? List.<String>of() : schema.getRequired();
        schema.getProperties()
                .forEach((name, field) -> line("| %s | %s | %s | %s |"
                        .formatted(
                                required.contains(name) ? "**" + name + "**" : name,
                                type(field),
                                standard(field),
                                cell(field.getDescription()))));
        rules(schema);
        below(path, schema).forEach(this::section);
    }

    private static Map<String, JSONSchemaProps> below(String path, JSONSchemaProps schema) {
        var sections = new LinkedHashMap<String, JSONSchemaProps>();
        schema.getProperties().forEach((name, field) -> {
            var items = field.getItems();
            if (hasFields(field)) {
                sections.put(path + "." + name, field);
            } else if (items != null && hasFields(items.getSchema())) {
                var element = items.getSchema();
                element.setDescription(field.getDescription());
                sections.put(path + "." + name + "[]", element);
            }
        });
        return sections;
    }

    private static boolean hasFields(JSONSchemaProps schema) {
        return schema.getProperties() != null && !schema.getProperties().isEmpty();
    }

    private static String type(JSONSchemaProps field) {
        var items = field.getItems();
        if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
            return "quantity";
        }
        if (field.getAdditionalProperties() != null) {
            return "map of " + type(field.getAdditionalProperties().getSchema()) + limit(field.getMaxProperties());
        }
        if (items != null) {
            var many = field.getMinItems() != null && field.getMinItems().equals(field.getMaxItems())
                    ? field.getMinItems() + " × "
                    : "list of ";
            return many + type(items.getSchema());
        }
        if (field.getEnum() != null && !field.getEnum().isEmpty()) {
            var values = new StringJoiner(", ");
            field.getEnum().forEach(value -> values.add("`" + value.asText() + "`"));
            return values.toString();
        }
        return field.getType() + range(field);
    }

    private static String range(JSONSchemaProps field) {
        if (field.getMinimum() != null && field.getMaximum() != null) {
            return ", %d to %d"
                    .formatted(
                            field.getMinimum().longValue(), field.getMaximum().longValue());
        }
        if (field.getMinimum() != null) {
            return ", at least %d".formatted(field.getMinimum().longValue());
        }
        return limit(field.getMaxLength());
    }

    private static String limit(@Nullable Long most) {
        return most == null ? "" : ", at most " + most;
    }

    private static String standard(JSONSchemaProps field) {
        JsonNode value = field.getDefault();
        if (value == null || value.isNull() || value.isContainerNode()) {
            return "";
        }
        return "`" + value.asText() + "`";
    }

    private void rules(JSONSchemaProps schema) {
        var rules = new ArrayList<String>();
        if (schema.getXKubernetesValidations() != null) {
            schema.getXKubernetesValidations().stream()
                    .map(ValidationRule::getMessage)
                    .forEach(rules::add);
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, field) -> {
                if (!hasFields(field) && field.getXKubernetesValidations() != null) {
                    field.getXKubernetesValidations().stream()
                            .map(ValidationRule::getMessage)
                            .forEach(rules::add);
                }
            });
        }
        if (!rules.isEmpty()) {
            line("\nRules:\n");
            rules.forEach(rule -> line("- " + rule));
        }
    }

    /** Without a line break or bar, which would end the cell. */
    private static String cell(@Nullable String text) {
        return text == null ? "" : text.replace("\n", " ").replace("|", "\\|");
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
