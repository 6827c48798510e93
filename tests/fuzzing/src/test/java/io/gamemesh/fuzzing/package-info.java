/** Puts what fuzzing began with, and what it has found, to the decoders again. Needs no fuzzer. */
@NullMarked
package io.gamemesh.fuzzing;

import org.jspecify.annotations.NullMarked;
