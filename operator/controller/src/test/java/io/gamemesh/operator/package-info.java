/** Tests of what all kinds share. Pure functions are tested as such, without a server. */
@NullMarked
package io.gamemesh.operator;

import org.jspecify.annotations.NullMarked;
