/**
 * What of a region goes to the store behind it, when, and what is known to be there: a state machine without I/O, and the
 * words in which it speaks with a store.
 */
@NullMarked
package io.gamemesh.core.store;

import org.jspecify.annotations.NullMarked;
