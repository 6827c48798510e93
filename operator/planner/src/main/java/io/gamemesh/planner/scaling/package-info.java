/**
 * How many game servers a mesh has. A pure decision from what is asked for, what the servers say and the time; it neither
 * starts nor stops anything.
 */
@NullMarked
package io.gamemesh.planner.scaling;

import org.jspecify.annotations.NullMarked;
