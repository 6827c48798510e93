/**
 * The mesh on a real cluster, as a user sees it. Tests whose name ends in IT need a cluster; they share a world where
 * that makes none of them less honest.
 */
@NullMarked
package io.gamemesh.cluster;

import org.jspecify.annotations.NullMarked;
