/**
 * The stream to the control plane: finding the leader, identifying this server, carrying what
 * {@code io.gamemesh.core.authority} says and is told. Without a coordinator the server plays on.
 */
@NullMarked
package io.gamemesh.server.coordinator;

import org.jspecify.annotations.NullMarked;
