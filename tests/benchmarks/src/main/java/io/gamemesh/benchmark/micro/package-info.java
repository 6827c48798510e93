/**
 * Operations small enough for JMH, each over input like that of a busy world. A method is one figure, and its name is
 * the figure's.
 */
@NullMarked
package io.gamemesh.benchmark.micro;

import org.jspecify.annotations.NullMarked;
