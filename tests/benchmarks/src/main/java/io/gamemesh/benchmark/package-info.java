/**
 * The benchmarks behind {@code ./mesh bench}: each measures one thing from end to end, or in the small with JMH. What
 * they print and write is the same for all, so that runs can be compared by machine.
 */
@NullMarked
package io.gamemesh.benchmark;

import org.jspecify.annotations.NullMarked;
