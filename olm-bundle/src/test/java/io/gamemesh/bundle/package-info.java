/** Tests of what makes the bundle, over the project's own manifests and over ones that are wrong. */
@NullMarked
package io.gamemesh.bundle;

import org.jspecify.annotations.NullMarked;
