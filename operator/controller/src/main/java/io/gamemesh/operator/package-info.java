/**
 * The operator's process: its settings and what starts and stops when. The kinds it reconciles have packages of their
 * own.
 */
@NullMarked
package io.gamemesh.operator;

import org.jspecify.annotations.NullMarked;
