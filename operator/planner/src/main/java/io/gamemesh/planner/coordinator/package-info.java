/**
 * The coordinator of one mesh as a state machine: it takes what servers say, what the API server shows and the time, and
 * returns what to write, send and report. It owns the rules of authority of {@code docs/architecture.md}; shells round it
 * own the API client, the gRPC streams and the clock.
 */
@NullMarked
package io.gamemesh.planner.coordinator;

import org.jspecify.annotations.NullMarked;
