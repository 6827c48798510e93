/**
 * Watches game-server pods: which processes have ended for certain, and where players reach those that run. Everything
 * here is told to the mesh's coordinator, which decides.
 */
@NullMarked
package io.gamemesh.operator.pod;

import org.jspecify.annotations.NullMarked;
