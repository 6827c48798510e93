/** Tests of the package's parts by themselves. The whole process is tested one package up. */
@NullMarked
package io.gamemesh.server.metrics;

import org.jspecify.annotations.NullMarked;
