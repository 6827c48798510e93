/** Tests of certificates. They check with the JDK's own validator, which shares nothing with what makes them. */
@NullMarked
package io.gamemesh.coordinator.tls;

import org.jspecify.annotations.NullMarked;
