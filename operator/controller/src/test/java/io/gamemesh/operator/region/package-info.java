/** Tests of Region objects and their status. What is written must be read back as the coordinator meant it. */
@NullMarked
package io.gamemesh.operator.region;

import org.jspecify.annotations.NullMarked;
