/**
 * The bundle and the catalog that the Operator Lifecycle Manager installs from, made of what the project says elsewhere:
 * the operator's manifests, the resource definitions and their samples. Used by the build, and by tests to make the
 * versions that come next.
 */
@NullMarked
package io.gamemesh.bundle;

import org.jspecify.annotations.NullMarked;
