/**
 * Keeps what is generated from the resource model current: CRDs, reference page, install YAML. Also checks that the
 * samples say what they seem to.
 */
@NullMarked
package io.gamemesh.crd;

import org.jspecify.annotations.NullMarked;
