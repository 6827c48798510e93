/**
 * What creatures decide to do, as an interface that others can implement, and one that wanders about. Knows of nothing
 * but what a creature senses; moving is up to the region.
 */
@NullMarked
package io.gamemesh.core.behaviour;

import org.jspecify.annotations.NullMarked;
