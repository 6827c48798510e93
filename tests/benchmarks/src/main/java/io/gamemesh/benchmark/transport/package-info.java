/**
 * What a datagram costs: 1,000 connections, 400 bytes, 10 times a second, over QUIC and sealed. A server's port is in one
 * process, those it talks to in another, and the CPU time of the first is what counts.
 */
@NullMarked
package io.gamemesh.benchmark.transport;

import org.jspecify.annotations.NullMarked;
