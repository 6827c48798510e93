/**
 * Makes and renews the certificates of the control plane and of the meshes: a private certificate authority and the
 * leaf certificates it signs. Nothing here reads a clock or stores anything; keys leave only as PEM text.
 */
@NullMarked
package io.gamemesh.coordinator.tls;

import org.jspecify.annotations.NullMarked;
