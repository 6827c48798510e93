/**
 * The resource definitions against a real API server: what it takes, what it refuses, and what it says about it. The
 * resources are the files under {@code crds/samples} and {@code crds/src/test}.
 */
@NullMarked
package io.gamemesh.cluster.crd;

import org.jspecify.annotations.NullMarked;
