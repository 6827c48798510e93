/**
 * Offers a real Kubernetes to tests and benchmarks: finds or starts one, installs the operator once, gives each test
 * class a namespace, and keeps what explains a failure. Nothing here or in a test knows which kind of cluster it is.
 */
@NullMarked
package io.gamemesh.cluster;

import org.jspecify.annotations.NullMarked;
