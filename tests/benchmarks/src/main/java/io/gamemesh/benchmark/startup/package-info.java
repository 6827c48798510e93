/**
 * Measures the game server as it ships, natively and on Java, each as a process of its own on this machine: how soon it is
 * ready, what memory it holds, what CPU its players cost.
 */
@NullMarked
package io.gamemesh.benchmark.startup;

import org.jspecify.annotations.NullMarked;
