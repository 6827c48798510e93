/**
 * What players and game servers say to each other over QUIC, byte for byte as {@code docs/protocol.md} specifies it.
 * Nothing here does I/O: codecs go between byte buffers and records, and refuse with a {@link
 * io.gamemesh.protocol.wire.WireFormatException} whatever the page does not allow.
 */
@NullMarked
package io.gamemesh.protocol.wire;

import org.jspecify.annotations.NullMarked;
