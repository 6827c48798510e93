/** Tests of the election's parts that have no server in them. The election itself is tested on a cluster. */
@NullMarked
package io.gamemesh.operator.leader;

import org.jspecify.annotations.NullMarked;
