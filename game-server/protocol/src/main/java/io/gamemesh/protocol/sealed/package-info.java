/**
 * Sealed datagrams: UDP packets with AES-128-GCM that go beside QUIC on the same port, for a fraction of its cost. Format,
 * keys, replay window and key phases; who sends what when is told on the protocol's page.
 */
@NullMarked
package io.gamemesh.protocol.sealed;

import org.jspecify.annotations.NullMarked;
