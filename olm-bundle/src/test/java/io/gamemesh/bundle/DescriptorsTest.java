package io.gamemesh.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class DescriptorsTest {

    private static final String UI = "urn:alm:descriptor:com.tectonic.ui:";

    @Test
    void describesFieldsNotGroupsOfThem() throws JsonProcessingException {
        JsonNode descriptors = of("""
                properties:
                  servers:
                    properties:
                      tickRate: {type: integer, description: Ticks a second.}
                """);

        assertThat(descriptors).singleElement().satisfies(descriptor -> {
            assertThat(descriptor.path("path").asText()).isEqualTo("servers.tickRate");
            assertThat(descriptor.path("displayName").asText()).isEqualTo("Servers Tick Rate");
            assertThat(descriptor.path("description").asText()).isEqualTo("Ticks a second.");
            assertThat(controls(descriptor)).containsExactly(UI + "number");
        });
    }

    @Test
    void offersTheValuesOfAnEnumeration() throws JsonProcessingException {
        JsonNode descriptors = of("""
                properties:
                  deletionPolicy: {type: string, enum: [Retain, Delete]}
                """);

        assertThat(controls(descriptors.path(0))).containsExactly(UI + "select:Retain", UI + "select:Delete");
    }

    @Test
    void usesTheControlThatAConsoleHasForAField() throws JsonProcessingException {
        JsonNode descriptors = of("""
                properties:
                  resources:
                    properties:
                      limits: {type: object}
                """);

        assertThat(controls(descriptors.path(0))).containsExactly(UI + "resourceRequirements");
    }

    @Test
    void marksWhatIsSeldomChanged() throws JsonProcessingException {
        JsonNode descriptors = of("""
                properties:
                  failover:
                    properties:
                      enabled: {type: boolean}
                """);

        assertThat(controls(descriptors.path(0))).containsExactly(UI + "booleanSwitch", UI + "advanced");
    }

    private static JsonNode of(String schema) throws JsonProcessingException {
        return Descriptors.of(Yaml.MAPPER.readTree(schema));
    }

    private static Iterable<String> controls(JsonNode descriptor) {
        return descriptor
                .path("x-descriptors")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }
}
