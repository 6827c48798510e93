/** Tests of what a pod's object says about its processes and addresses. Pure functions, tested as such. */
@NullMarked
package io.gamemesh.operator.pod;

import org.jspecify.annotations.NullMarked;
