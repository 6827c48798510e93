/**
 * Signed tickets: what a client shows to a server that did not see it before, so that it goes on where it was. Pure
 * computation; keys and the time come from the caller.
 */
@NullMarked
package io.gamemesh.core.transfer;

import org.jspecify.annotations.NullMarked;
