/** Servers that fail under players, on a real cluster. */
@NullMarked
package io.gamemesh.cluster.fault;

import org.jspecify.annotations.NullMarked;
