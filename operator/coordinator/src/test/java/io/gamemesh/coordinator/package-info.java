/**
 * Tests of the control plane. Servers are real gRPC clients over loopback with TLS; only the API server is stood in for
 * by objects in memory that compare versions as it does.
 */
@NullMarked
package io.gamemesh.coordinator;

import org.jspecify.annotations.NullMarked;
