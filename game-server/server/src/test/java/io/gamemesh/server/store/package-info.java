/** The store against a real PostgreSQL. */
@NullMarked
package io.gamemesh.server.store;

import org.jspecify.annotations.NullMarked;
