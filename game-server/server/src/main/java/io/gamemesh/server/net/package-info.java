/**
 * Netty as this process uses it: which kind of channel the machine offers, and the few event loops that receive and
 * send. What runs on an event loop never blocks.
 */
@NullMarked
package io.gamemesh.server.net;

import org.jspecify.annotations.NullMarked;
