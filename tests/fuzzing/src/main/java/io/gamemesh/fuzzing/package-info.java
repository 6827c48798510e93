/**
 * Feeds decoders with bytes that nobody would send, led by what they make the code do. Each decoder is a target, which says
 * what must hold of it; what is found is kept in {@code corpus/} and tested from then on.
 */
@NullMarked
package io.gamemesh.fuzzing;

import org.jspecify.annotations.NullMarked;
