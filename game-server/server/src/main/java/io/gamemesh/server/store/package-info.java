/**
 * Keeps regions in a database that speaks PostgreSQL's protocol, so that they outlive the servers that act for them. Start
 * with {@link io.gamemesh.server.store.RegionStore} for what a store promises, and with
 * {@link io.gamemesh.server.store.WriteBehind} to keep one up to date.
 */
@NullMarked
package io.gamemesh.server.store;

import org.jspecify.annotations.NullMarked;
