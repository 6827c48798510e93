/** Tests of what both servers' players have in common. They speak to no server: that is what the benchmark does. */
@NullMarked
package io.gamemesh.minestom;

import org.jspecify.annotations.NullMarked;
