/**
 * The control plane to the game servers: gRPC streams, who may open them, and one mailbox a mesh round the coordinator's
 * state machine. Kubernetes is behind interfaces that the operator implements.
 */
@NullMarked
package io.gamemesh.coordinator;

import org.jspecify.annotations.NullMarked;
