/**
 * Snapshots: what a player sees, as the differences from what its client is known to have, bit by bit. Sender and
 * receiver share the rules of this package; who is told of what and when is decided in the core.
 */
@NullMarked
package io.gamemesh.protocol.snapshot;

import org.jspecify.annotations.NullMarked;
