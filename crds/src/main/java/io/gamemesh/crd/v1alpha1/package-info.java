/**
 * The resources GameMesh and Region of group {@code gamemesh.io}, version {@code v1alpha1}: the only place where their
 * fields, defaults, bounds and rules are written down. The CRD YAML and the reference page are generated from here.
 *
 * <p>Records are what the YAML says with the schema's defaults filled in: Jackson hands {@code null} to the constructor
 * for what was left out, and the constructor puts the default there. So a resource read from a file means the same as
 * one read from the API server, and no accessor returns {@code null} unless it is marked {@code @Nullable}.
 */
@NullMarked
package io.gamemesh.crd.v1alpha1;

import org.jspecify.annotations.NullMarked;
