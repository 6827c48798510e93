package io.gamemesh.operator.gamemesh;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;

/** Ports of Services, each led to the container's port of the same name. */
final class ServicePorts {

    private ServicePorts() {}

    static ServicePort udp(String name, int port) {
        return port(name, port, "UDP");
    }

    static ServicePort tcp(String name, int port) {
        return port(name, port, "TCP");
    }

    private static ServicePort port(String name, int port, String protocol) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(port)
                .withTargetPort(new IntOrString(name))
                .withProtocol(protocol)
                .build();
    }
}
