/**
 * The streams between the authority of a region and its backups: what they carry is decided by {@code core.replication}. A
 * stream is gRPC over the peers' mutual TLS, one for each region and backup, many over one connection.
 */
@NullMarked
package io.gamemesh.server.replication;

import org.jspecify.annotations.NullMarked;
