/**
 * Which way dependencies point, and what code that decides may not touch. Every rule is also held against a fixture that
 * breaks it, so that none passes because it looks at nothing.
 */
@NullMarked
package io.gamemesh.architecture;

import org.jspecify.annotations.NullMarked;
