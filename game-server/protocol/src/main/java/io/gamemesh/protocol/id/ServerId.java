package io.gamemesh.protocol.id;

import io.gamemesh.protocol.v1.ServerRef;

/**
 * One game-server process: a name that comes back (its pod's) and a number that never does.
 *
 * @param name the pod's name, not empty
 * @param incarnation 1 to {@value EntityId#MAX_INCARNATION}
 */
public record ServerId(String name, int incarnation) {

    /** Refuses an empty name and an incarnation that no process can have. */
    public ServerId {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the server's name is empty, expected its pod's name");
        }
        if (incarnation < 1 || incarnation > EntityId.MAX_INCARNATION) {
            throw new IllegalArgumentException("incarnation of server " + name + " is " + incarnation
                    + ", expected 1 to " + EntityId.MAX_INCARNATION);
        }
    }

    /**
     * From its Protobuf form.
     *
     * @throws IllegalArgumentException if name or incarnation are missing or out of bounds
     */
    public static ServerId of(ServerRef ref) {
        return new ServerId(ref.getName(), ref.getIncarnation());
    }

    /** Its Protobuf form. */
    public ServerRef toProto() {
        return ServerRef.newBuilder().setName(name).setIncarnation(incarnation).build();
    }

    /** {@code NAME#INCARNATION}, for people. */
    @Override
    public String toString() {
        return name + "#" + incarnation;
    }
}
