/**
 * What this process tells about itself: meters under the names that dashboards and alerts know, and the load that
 * heartbeats carry. Meters are written from any thread.
 */
@NullMarked
package io.gamemesh.server.metrics;

import org.jspecify.annotations.NullMarked;
