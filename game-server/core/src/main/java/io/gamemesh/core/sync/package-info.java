/**
 * Who is told of what, when, and in how many bytes: the scene of a tick, and for each client a view of it that is kept
 * up to date by differences from what the client has acknowledged. Nothing is allocated once arrays have grown.
 */
@NullMarked
package io.gamemesh.core.sync;

import org.jspecify.annotations.NullMarked;
