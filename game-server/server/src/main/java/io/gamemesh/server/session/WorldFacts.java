package io.gamemesh.server.session;

import io.gamemesh.core.voxel.Blocks;
import io.gamemesh.core.voxel.Generator;
import io.gamemesh.protocol.geometry.WorldGeometry;

/**
 * What is the same for every player of this world and does not change.
 *
 * @param server this server's name
 * @param tickRate ticks a second
 * @param viewRadius metres
 * @param generatorName name of the generator
 * @param generatorVersion its version: the same version makes the same blocks from the same seed
 */
public record WorldFacts(
        String server,
        WorldGeometry geometry,
        Blocks blocks,
        Generator generator,
        String generatorName,
        int generatorVersion,
        long seed,
        int tickRate,
        int viewRadius) {}
