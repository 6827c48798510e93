/** Tests of what is translated between coordinators and Kubernetes. Pure functions, tested as such. */
@NullMarked
package io.gamemesh.operator.coordination;

import org.jspecify.annotations.NullMarked;
