/** Faults of game servers, what players notice of them, and whether anything that they were told is done is lost. */
@NullMarked
package io.gamemesh.cluster.fault;

import org.jspecify.annotations.NullMarked;
