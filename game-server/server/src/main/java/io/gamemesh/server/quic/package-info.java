/**
 * The players' port: QUIC (RFC 9000) with datagrams (RFC 9221). It knows connections, streams, limits and error codes;
 * what messages mean is for {@code io.gamemesh.server.session}. All of it runs on the players' event loop.
 */
@NullMarked
package io.gamemesh.server.quic;

import org.jspecify.annotations.NullMarked;
