/**
 * Which regions this server acts for, and at which epoch: the server's side of the control plane as a state machine. It
 * handles regions as names, so that a simulation can run thousands of servers without an engine.
 */
@NullMarked
package io.gamemesh.core.authority;

import org.jspecify.annotations.NullMarked;
