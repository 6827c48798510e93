/** How long players wait when a server fails, and what is lost. */
@NullMarked
package io.gamemesh.benchmark.failover;

import org.jspecify.annotations.NullMarked;
