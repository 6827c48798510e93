/**
 * Links to the other servers of the mesh: gRPC over mutual TLS. A link carries what regions say to their neighbours and
 * may lose it, since whatever matters is repeated; a transfer carries a whole region and says how it ended.
 */
@NullMarked
package io.gamemesh.server.peer;

import org.jspecify.annotations.NullMarked;
