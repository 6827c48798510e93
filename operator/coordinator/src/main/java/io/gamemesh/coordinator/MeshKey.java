package io.gamemesh.coordinator;

/**
 * Which mesh.
 *
 * @param namespace the namespace of the GameMesh
 * @param name      its name
 */
public record MeshKey(String namespace, String name) implements Comparable<MeshKey> {

    @Override
    public int compareTo(MeshKey other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
