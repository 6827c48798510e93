/** Tests of a mesh's dependents and status. Desired objects are compared with files that people can read; they are written
 * anew with {@code -Dgamemesh.regenerate=true}. */
@NullMarked
package io.gamemesh.operator.gamemesh;

import org.jspecify.annotations.NullMarked;
