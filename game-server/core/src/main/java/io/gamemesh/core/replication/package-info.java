/**
 * What keeps copies of a region equal to it, and what lets its authority act: the log goes to the backups, their
 * acknowledgements come back as leases, and nothing that rests on an entry leaves before they have it. Sans-I/O.
 */
@NullMarked
package io.gamemesh.core.replication;

import org.jspecify.annotations.NullMarked;
