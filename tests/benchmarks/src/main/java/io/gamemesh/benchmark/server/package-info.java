/**
 * The game server as it ships, started as a process of its own on this machine with all that it finds in a pod, and looked
 * at from outside: what it says of itself, and what the kernel says of it.
 */
@NullMarked
package io.gamemesh.benchmark.server;

import org.jspecify.annotations.NullMarked;
