/**
 * Certificates and keys of the mesh as they lie in the secret's directory. They are read when a socket is opened or a
 * call made, so that renewed ones are picked up without a restart.
 */
@NullMarked
package io.gamemesh.server.tls;

import org.jspecify.annotations.NullMarked;
