/** What the benchmarks print and write. Not what they measure: that is no matter of tests. */
@NullMarked
package io.gamemesh.benchmark;

import org.jspecify.annotations.NullMarked;
