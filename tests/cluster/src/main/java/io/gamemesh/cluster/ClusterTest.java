package io.gamemesh.cluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that runs against a real Kubernetes with the operator installed under the RBAC that it ships with.
 * The class gets a namespace of its own, which is deleted after it; its methods and constructor may ask for a
 * {@link TestNamespace} or a {@link io.fabric8.kubernetes.client.KubernetesClient}. When a test fails, logs, Events
 * and resources are kept under {@code target/cluster-failures}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
@Tag("cluster")
public @interface ClusterTest {

    /** False for tests that need the resource definitions alone: they then don't wait for a running operator. */
    boolean operator() default true;
}
