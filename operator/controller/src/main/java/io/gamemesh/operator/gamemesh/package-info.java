/**
 * Reconciles a GameMesh: its dependents, its conditions, its end. What an object shall be is computed by pure functions
 * of a {@link io.gamemesh.operator.gamemesh.MeshModel}.
 */
@NullMarked
package io.gamemesh.operator.gamemesh;

import org.jspecify.annotations.NullMarked;
