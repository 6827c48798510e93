package io.gamemesh.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.gamemesh.crd.v1alpha1.GameMeshSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the schema of the CRDs that are checked in has to hold. */
class SchemaTest {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    @ParameterizedTest
    @ValueSource(strings = {"gamemeshes", "regions"})
    void describesEveryField(String plural) {
        var undescribed = new ArrayList<String>();

        collectUndescribed(plural, schema(plural), undescribed);

        assertThat(undescribed).isEmpty();
    }

    @Test
    void givesTheDefaultsThatTheModelGives() {
        var spec = schema("gamemeshes").getProperties().get("spec");

        var bySchema = JsonNodeFactory.instance.objectNode();
        fillIn(spec, bySchema);
        var byModel = new GameMeshSpec();

        assertThat(bySchema).isEqualTo(Project.tree(byModel));
    }

    @Test
    void givesAMissingSpecTheDefaultsOfAnEmptyOne() {
        var spec = schema("gamemeshes").getProperties().get("spec");

        var ofEmptySpec = JsonNodeFactory.instance.objectNode();
        fillIn(spec, ofEmptySpec);

        assertThat(spec).isNotNull();
        assertThat(spec.getDefault()).isEqualTo(ofEmptySpec);
    }

    private static JSONSchemaProps schema(String plural) {
        var file = Project.ROOT.resolve("manifests/base/crds/" + plural + ".gamemesh.io.yaml");
        return SERIALIZATION
                .unmarshal(Project.read(file), CustomResourceDefinition.class)
                .getSpec()
                .getVersions()
                .getFirst()
                .getSchema()
                .getOpenAPIV3Schema();
    }

    private static void collectUndescribed(String path, JSONSchemaProps schema, List<String> undescribed) {
        if (schema.getProperties() == null) {
            return;
        }
        schema.getProperties().forEach((name, field) -> {
            if (field.getDescription() == null || field.getDescription().isBlank()) {
                undescribed.add(path + "." + name);
            }
            collectUndescribed(path + "." + name, field, undescribed);
            if (field.getItems() != null) {
                collectUndescribed(path + "." + name + "[]", field.getItems().getSchema(), undescribed);
            }
        });
    }

    /** As the API server does: the default of an absent field, then the defaults below it. */
    private static void fillIn(@Nullable JSONSchemaProps schema, ObjectNode value) {
        if (schema == null || schema.getProperties() == null) {
            return;
        }
        schema.getProperties().forEach((name, field) -> {
            if (!value.has(name) && field.getDefault() != null) {
                value.set(name, field.getDefault());
            }
            if (value.get(name) instanceof ObjectNode object) {
                fillIn(field, object);
            }
        });
    }
}
