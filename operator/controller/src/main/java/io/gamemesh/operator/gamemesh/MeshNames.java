package io.gamemesh.operator.gamemesh;

/**
 * The names of a mesh's objects.
 *
 * @param namespace of the GameMesh
 * @param mesh      its name
 */
record MeshNames(String namespace, String mesh) {

    String statefulSet() {
        return mesh;
    }

    String disruptionBudget() {
        return mesh;
    }

    String serversService() {
        return mesh + "-servers";
    }

    String queryService() {
        return mesh + "-query";
    }

    String pod(int ordinal) {
        return mesh + "-" + ordinal;
    }

    String playersService(int ordinal) {
        return pod(ordinal);
    }

    String config() {
        return mesh + "-config";
    }

    String secret() {
        return mesh + "-server";
    }

    String serviceAccount() {
        return mesh + "-server";
    }

    /** The DNS name that clients check every server of the mesh for. */
    String tlsName() {
        return mesh + "." + namespace + ".gamemesh";
    }

    /** The DNS names of the servers among each other. */
    String tlsWildcard() {
        return "*." + serversService() + "." + namespace + ".svc";
    }
}
