package io.gamemesh.planner;

import io.gamemesh.protocol.id.ServerId;

/**
 * A server that can be given commands now.
 *
 * @param id the process
 * @param draining true if it is to be emptied: it is given nothing more
 * @param load its load as a whole, a fraction
 */
public record ServerView(ServerId id, boolean draining, double load) {}
