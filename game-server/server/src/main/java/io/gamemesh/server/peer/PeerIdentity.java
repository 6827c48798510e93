package io.gamemesh.server.peer;

import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.v1.PeerHello;
import io.gamemesh.protocol.v1.PeerMessage;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who this server is towards its peers.
 *
 * @param namespace of the mesh
 * @param mesh the mesh's name
 * @param self this process; null until it has an incarnation, and then it says nothing
 */
public record PeerIdentity(String namespace, String mesh, Supplier<@Nullable ServerId> self) {

    /** What a link begins with, from each side; empty until this process has an incarnation. */
    Optional<PeerMessage> hello() {
        ServerId id = self.get();
        if (id == null) {
            return Optional.empty();
        }
        return Optional.of(PeerMessage.newBuilder()
                .setHello(PeerHello.newBuilder()
                        .setServer(id.toProto())
                        .setMeshNamespace(namespace)
                        .setMesh(mesh))
                .build());
    }

    /** Why that hello is not one of this mesh's; empty if it is. */
    Optional<String> objection(PeerMessage message) {
        if (!message.hasHello()) {
            return Optional.of("the first message of a link is " + message.getBodyCase() + ", expected HELLO");
        }
        PeerHello hello = message.getHello();
        if (!hello.getMesh().equals(mesh) || !hello.getMeshNamespace().equals(namespace)) {
            return Optional.of("hello is of mesh " + hello.getMeshNamespace() + "/" + hello.getMesh() + ", expected "
                    + namespace + "/" + mesh);
        }
        return Optional.empty();
    }
}
