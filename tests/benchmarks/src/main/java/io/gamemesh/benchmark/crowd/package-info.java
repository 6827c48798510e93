/**
 * The benchmark {@code crowd}: how many players one region's thread carries, and what they are sent. The engine is
 * driven without a network, by clients that acknowledge what they get.
 */
@NullMarked
package io.gamemesh.benchmark.crowd;

import org.jspecify.annotations.NullMarked;
