/**
 * How players move: what a server does with their inputs and a client that predicts does with its own. Equal bodies,
 * inputs and blocks give equal results on every machine.
 */
@NullMarked
package io.gamemesh.core.motion;

import org.jspecify.annotations.NullMarked;
