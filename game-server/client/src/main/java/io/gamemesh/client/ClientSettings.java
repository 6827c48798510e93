package io.gamemesh.client;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.ToServer.Network;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a {@link GameClient.Builder} was told, from the moment on at which the client starts. */
record ClientSettings(
        List<ServerAddress> servers,
        String name,
        Network network,
        Optional<Bytes> token,
        GameListener listener,
        boolean keepTerrain,
        boolean generate,
        boolean keepEntities,
        Duration connectTimeout,
        Duration giveUpAfter,
        Duration editTimeout) {}
