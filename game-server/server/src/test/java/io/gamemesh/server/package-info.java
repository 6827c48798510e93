/** Tests of the whole process on loopback, with real certificates, a real coordinator's wire and real QUIC. */
@NullMarked
package io.gamemesh.server;

import org.jspecify.annotations.NullMarked;
