package io.gamemesh.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The objects that {@code kubectl apply -k} installs: the one source of the operator's deployment and permissions.
 *
 * @param objects all of them, in the order of the kustomization
 */
record Manifests(List<ObjectNode> objects) {

    Manifests {
        objects = List.copyOf(objects);
    }

    /** Reads what a kustomization names; its resources must be files. */
    static Manifests read(Path folder) {
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode file : Yaml.object(folder.resolve("kustomization.yaml")).path("resources")) {
            objects.addAll(Yaml.objects(folder.resolve(file.asText())));
        }
        return new Manifests(objects);
    }

    Stream<ObjectNode> ofKind(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    /**
     * The only object of a kind.
     *
     * @throws IllegalStateException if there are more or none
     */
    ObjectNode one(String kind) {
        List<ObjectNode> found = ofKind(kind).toList();
        if (found.size() != 1) {
            throw new IllegalStateException("expected one %s in the manifests, not %d".formatted(kind, found.size()));
        }
        return found.getFirst();
    }

    /** The rules of the role that a binding of that kind gives to an account. */
    JsonNode rules(String bindingKind, String account) {
        ObjectNode binding = one(bindingKind);
        JsonNode subject = binding.path("subjects").path(0);
        if (binding.path("subjects").size() != 1
                || !subject.path("kind").asText().equals("ServiceAccount")
                || !subject.path("name").asText().equals(account)) {
            throw new IllegalStateException("the %s must bind the operator's account %s alone, not %s"
                    .formatted(bindingKind, account, subject));
        }
        JsonNode reference = binding.path("roleRef");
        return ofKind(reference.path("kind").asText())
                .filter(role -> name(role).equals(reference.path("name").asText()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no %s %s in the manifests".formatted(reference.path("kind"), reference.path("name"))))
                .path("rules");
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }
}
