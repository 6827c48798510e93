/**
 * Measures how soon everyone sees what everyone builds: players in a process of their own who all edit at once, and the time
 * from each edit until each of the others has it.
 */
@NullMarked
package io.gamemesh.benchmark.edits;

import org.jspecify.annotations.NullMarked;
