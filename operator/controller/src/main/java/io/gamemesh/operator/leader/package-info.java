/**
 * Election of the one replica that reconciles and coordinates, by a Lease. What it decides is only who tries: safety
 * rests on compare-and-swap and terms.
 */
@NullMarked
package io.gamemesh.operator.leader;

import org.jspecify.annotations.NullMarked;
