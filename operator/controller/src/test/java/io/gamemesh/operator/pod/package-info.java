/** What is read from pods. */
@NullMarked
package io.gamemesh.operator.pod;

import org.jspecify.annotations.NullMarked;
