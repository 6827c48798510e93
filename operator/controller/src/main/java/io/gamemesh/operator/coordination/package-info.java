/**
 * Connects the coordinators to Kubernetes: what they want written is written here, and what the API server shows is told
 * to them. Callers of the control plane are recognised by their service-account tokens.
 */
@NullMarked
package io.gamemesh.operator.coordination;

import org.jspecify.annotations.NullMarked;
