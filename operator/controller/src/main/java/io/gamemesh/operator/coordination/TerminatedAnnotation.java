package io.gamemesh.operator.coordination;

import io.gamemesh.crd.v1alpha1.GameMesh;
import io.gamemesh.protocol.id.EntityId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The annotation by which a person declares processes dead that Kubernetes cannot report on:
 * {@code gamemesh.io/terminated: "7,12"}. Parts that are not incarnations are left out and named, the rest counts.
 *
 * @param incarnations that are declared dead
 * @param unreadable   parts that are none
 */
public record TerminatedAnnotation(Set<Integer> incarnations, List<String> unreadable) {

    /** The annotation's name. */
    public static final String NAME = "gamemesh.io/terminated";

    /** Copies both. */
    public TerminatedAnnotation {
        incarnations = Set.copyOf(incarnations);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Reads the annotation of a mesh.
     *
     * @param mesh the mesh
     * @return what it says; nothing if there is none
     */
    public static TerminatedAnnotation of(GameMesh mesh) {
        Map<String, String> annotations = mesh.getMetadata().getAnnotations();
        String value = annotations == null ? null : annotations.get(NAME);
        Set<Integer> incarnations = new TreeSet<>();
        List<String> unreadable = new ArrayList<>();
        if (value != null) {
            for (String part : value.split(",", -1)) {
                String trimmed = part.strip();
                if (trimmed.matches("[1-9][0-9]{0,7}") && Integer.parseInt(trimmed) <= EntityId.MAX_INCARNATION) {
                    incarnations.add(Integer.parseInt(trimmed));
                } else if (!trimmed.isEmpty()) {
                    unreadable.add(trimmed);
                }
            }
        }
        return new TerminatedAnnotation(incarnations, unreadable);
    }
}
