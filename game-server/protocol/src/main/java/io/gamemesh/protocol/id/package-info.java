/**
 * Names of things that the whole mesh agrees on: regions, entities, servers. Small immutable values with a packed form
 * for the wire and, where people see them, a strict text form.
 */
@NullMarked
package io.gamemesh.protocol.id;

import org.jspecify.annotations.NullMarked;
