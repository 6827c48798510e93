package io.gamemesh.cluster.crd;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gamemesh.cluster.Definitions;
import io.gamemesh.cluster.TestCluster;
import io.gamemesh.cluster.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The project's resource definitions under a group of their own, so that the operator lets their resources alone: what is
 * stored stays as it was stored.
 */
final class CopiedDefinitions implements AutoCloseable {

    private static final String VERSION = "v1alpha1";

    private final TestNamespace namespace;
    private final String group;
    private final List<CustomResourceDefinition> definitions;

    private CopiedDefinitions(TestNamespace namespace, String group, List<CustomResourceDefinition> definitions) {
        this.namespace = namespace;
        this.group = group;
        this.definitions = definitions;
    }

    /** Installs the definitions that are checked in, under a group named after the namespace. */
    static CopiedDefinitions install(TestNamespace namespace) {
        String group = namespace.name() + ".gamemesh.io";
        List<CustomResourceDefinition> definitions;
        try (Stream<Path> files = Files.list(TestCluster.project().resolve("manifests/base/crds"))) {
            definitions = files.map(file -> copy(file, group)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var copies = new CopiedDefinitions(namespace, group, definitions);
        definitions.forEach(
                definition -> namespace.client().resource(definition).create());
        definitions.forEach(definition -> Definitions.awaitEstablished(namespace.client(), definition));
        return copies;
    }

    String apiVersion() {
        return group + "/" + VERSION;
    }

    /** The resource as one of the copied kind. */
    NamespaceableResource<GenericKubernetesResource> resource(HasMetadata resource) {
        GenericKubernetesResource copy =
                Serialization.unmarshal(Serialization.asYaml(resource), GenericKubernetesResource.class);
        copy.setApiVersion(apiVersion());
        return client().resource(copy);
    }

    KubernetesClient client() {
        return namespace.client();
    }

    /** Takes the copies away, and all resources of their kinds with them. */
    @Override
    public void close() {
        definitions.forEach(definition -> client().resource(definition).delete());
    }

    private static CustomResourceDefinition copy(Path file, String group) {
        try {
            CustomResourceDefinition definition =
                    Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
            return new CustomResourceDefinitionBuilder(definition)
                    .editMetadata()
                    .withName(definition.getSpec().getNames().getPlural() + "." + group)
                    .endMetadata()
                    .editSpec()
                    .withGroup(group)
                    .editNames()
                    .withShortNames()
                    .withCategories()
                    .endNames()
                    .endSpec()
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
