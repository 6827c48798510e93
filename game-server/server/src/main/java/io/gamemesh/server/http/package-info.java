/** What Kubernetes asks over HTTP: whether the process lives, and whether its ports are open. */
@NullMarked
package io.gamemesh.server.http;

import org.jspecify.annotations.NullMarked;
