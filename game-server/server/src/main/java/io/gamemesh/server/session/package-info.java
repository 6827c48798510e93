/**
 * Players: who they are, which region they belong to, and how they get from one to the next. A session follows its
 * connection and runs on the players' event loop; engines know it by its number alone.
 */
@NullMarked
package io.gamemesh.server.session;

import org.jspecify.annotations.NullMarked;
