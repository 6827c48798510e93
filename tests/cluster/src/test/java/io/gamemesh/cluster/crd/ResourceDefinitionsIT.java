package io.gamemesh.cluster.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gamemesh.cluster.ClusterTest;
import io.gamemesh.cluster.TestNamespace;
import io.gamemesh.crd.v1alpha1.GameMesh;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API server refuses what is wrong, says why, and takes everything else. */
@ClusterTest(operator = false)
class ResourceDefinitionsIT {

    /** Added by the API server where a resource fails its schema; not a mistake of its own. */
    private static final String RULES_NOT_CHECKED = "some validation rules were not checked";

    static Stream<ResourceFile> invalid() {
        return ResourceFile.in("src/test/invalid");
    }

    static Stream<ResourceFile> valid() {
        return ResourceFile.in("src/test/valid");
    }

    static Stream<ResourceFile> samples() {
        return ResourceFile.in("samples");
    }

    private static CopiedDefinitions definitions;

    @BeforeAll
    static void install(TestNamespace namespace) {
        definitions = CopiedDefinitions.install(namespace);
    }

    @AfterAll
    static void takeAway() {
        definitions.close();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesWhatIsWrongAndSaysWhy(ResourceFile file) {
        file.earlier().forEach(state -> apply(definitions.resource(state)));

        KubernetesClientException refusal = catchThrowableOfType(
                KubernetesClientException.class,
                () -> dryRun(definitions.resource(file.last()), !file.earlier().isEmpty()));

        assertThat(file.expected()).as("lines '# expected: …' in %s", file).isNotEmpty();
        assertThat(refusal).as("the API server's refusal of %s", file).isNotNull();
        assertThat(refusal.getStatus().getMessage())
                .as("the API server's answer to %s", file)
                .contains(file.expected());
        assertThat(mistakes(refusal))
                .as("mistakes that the API server finds in %s", file)
                .hasSizeLessThanOrEqualTo(file.expected().size());
    }

    @ParameterizedTest
    @MethodSource("valid")
    void takesWhatIsRightAndEachChangeOfIt(ResourceFile file) {
        GenericKubernetesResource last = null;

        for (GenericKubernetesResource state : file.states()) {
            last = apply(definitions.resource(state));
        }

        assertThat(last).as("the last state of %s", file).isNotNull();
        assertThat(last.getMetadata().getName())
                .isEqualTo(file.last().getMetadata().getName());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void fillsASampleInAsTheModelDoes(ResourceFile sample, KubernetesClient client) {
        GenericKubernetesResource filledIn = dryRun(client.resource(sample.last()), false);

        GameMesh byServer = asGameMesh(filledIn);
        GameMesh byModel = asGameMesh(sample.last());

        assertThat(tree(filledIn.get("spec")))
                .as("the whole spec of %s", sample)
                .isEqualTo(tree(byModel.getSpec()));
        assertThat(byServer.getSpec()).isEqualTo(byModel.getSpec());
    }

    /** As JSON that was read, whatever classes it had. */
    private static JsonNode tree(Object spec) {
        return Serialization.unmarshal(Serialization.asJson(spec), JsonNode.class);
    }

    private static GameMesh asGameMesh(GenericKubernetesResource resource) {
        return Serialization.unmarshal(Serialization.asYaml(resource), GameMesh.class);
    }

    private static GenericKubernetesResource apply(Resource<GenericKubernetesResource> state) {
        var strictly = state.fieldValidation(Validation.STRICT);
        return state.get() == null ? strictly.create() : strictly.update();
    }

    private static GenericKubernetesResource dryRun(Resource<GenericKubernetesResource> state, boolean exists) {
        var strictly = state.dryRun().fieldValidation(Validation.STRICT);
        return exists ? strictly.update() : strictly.create();
    }

    private static List<String> mistakes(KubernetesClientException refusal) {
        var details = refusal.getStatus().getDetails();
        return details == null
                ? List.of()
                : details.getCauses().stream()
                        .map(StatusCause::getMessage)
                        .filter(message -> !message.contains(RULES_NOT_CHECKED))
                        .toList();
    }
}
