/** The bundle for the Operator Lifecycle Manager against what it is made of. Runs after the operator was built. */
@NullMarked
package io.gamemesh.operator.bundle;

import org.jspecify.annotations.NullMarked;
