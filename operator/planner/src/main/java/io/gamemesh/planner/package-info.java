/**
 * What a mesh should look like, computed from what it was asked to be and what is observed of it. Pure functions over
 * records: the same input always gives the same plan.
 */
@NullMarked
package io.gamemesh.planner;

import org.jspecify.annotations.NullMarked;
