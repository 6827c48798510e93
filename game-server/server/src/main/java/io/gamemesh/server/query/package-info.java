/**
 * The query port: whoever connects over TCP is told in one JSON document what this server is and who plays on it.
 * It costs little and asks nothing of the engines.
 */
@NullMarked
package io.gamemesh.server.query;

import org.jspecify.annotations.NullMarked;
