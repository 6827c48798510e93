/**
 * Carries out what {@code io.gamemesh.core.authority} decides: starts, hands over, takes and drops the engines of
 * regions. One thread runs all of it.
 */
@NullMarked
package io.gamemesh.server.authority;

import org.jspecify.annotations.NullMarked;
