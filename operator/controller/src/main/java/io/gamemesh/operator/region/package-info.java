/**
 * Regions as objects: how they are made, and how their status is told from what their coordinator says. Who acts for a
 * region is decided by the coordinator alone.
 */
@NullMarked
package io.gamemesh.operator.region;

import org.jspecify.annotations.NullMarked;
