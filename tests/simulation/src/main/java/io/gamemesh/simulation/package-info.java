/**
 * The mesh in one thread under virtual time: coordinators, servers, an API server, a kubelet and players, with faults drawn
 * from a seed. A checker that shares no logic with them looks at every step, and any failure replays from its seed.
 */
@NullMarked
package io.gamemesh.simulation;

import org.jspecify.annotations.NullMarked;
