package io.gamemesh.coordinator;

/**
 * The game-server pod at the other end of a stream, as its token proves.
 *
 * @param mesh the mesh that the pod belongs to, by its label
 * @param pod  the pod's name: the server's name
 * @param uid  the pod's uid, which tells two pods of one name apart
 */
public record Caller(MeshKey mesh, String pod, String uid) {}
