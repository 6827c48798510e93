package io.gamemesh.operator.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.gamemesh.crd.v1alpha1.ExposureSpec;
import io.gamemesh.crd.v1alpha1.ExposureType;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlayerAddressTest {

    private final Pod pod = Pods.running();

    @Test
    void isTheNodeAndItsPort() {
        assertThat(PlayerAddress.of(exposure(ExposureType.NODE_PORT, null), pod, nodePort(30123)))
                .contains("192.0.2.1:30123");
    }

    @Test
    void isTheHostThatTheUserNames() {
        assertThat(PlayerAddress.of(exposure(ExposureType.NODE_PORT, "play.example.com"), pod, nodePort(30123)))
                .contains("play.example.com:30123");
        assertThat(PlayerAddress.of(exposure(ExposureType.LOAD_BALANCER, "play.example.com"), pod, null))
                .contains("play.example.com:7777");
    }

    @Test
    void isUnknownBeforeThePortIsGiven() {
        assertThat(PlayerAddress.of(exposure(ExposureType.NODE_PORT, null), pod, null))
                .isEmpty();
        assertThat(PlayerAddress.of(exposure(ExposureType.NODE_PORT, "play.example.com"), pod, null))
                .isEmpty();
    }

    @Test
    void isTheNodesOwnPortWithHostPort() {
        assertThat(PlayerAddress.of(exposure(ExposureType.HOST_PORT, null), pod, null))
                .contains("192.0.2.1:7777");
    }

    @Test
    void isTheLoadBalancersAddressOnceItHasOne() {
        assertThat(PlayerAddress.of(exposure(ExposureType.LOAD_BALANCER, null), pod, nodePort(1)))
                .isEmpty();
        assertThat(PlayerAddress.of(exposure(ExposureType.LOAD_BALANCER, null), pod, ingress("2001:db8::1", null)))
                .contains("[2001:db8::1]:7777");
        assertThat(PlayerAddress.of(exposure(ExposureType.LOAD_BALANCER, null), pod, ingress(null, "lb.example.com")))
                .contains("lb.example.com:7777");
    }

    private static ExposureSpec exposure(ExposureType type, @Nullable String host) {
        return new ExposureSpec(type, host, Map.of());
    }

    private static Service nodePort(int port) {
        return new ServiceBuilder()
                .withNewSpec()
                .addNewPort()
                .withName("players")
                .withNodePort(port)
                .endPort()
                .endSpec()
                .build();
    }

    private static Service ingress(@Nullable String ip, @Nullable String host) {
        return new ServiceBuilder()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withNewLoadBalancer()
                .addNewIngress()
                .withIp(ip)
                .withHostname(host)
                .endIngress()
                .endLoadBalancer()
                .endStatus()
                .build();
    }
}
