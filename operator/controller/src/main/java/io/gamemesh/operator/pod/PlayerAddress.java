package io.gamemesh.operator.pod;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.gamemesh.crd.v1alpha1.ExposureSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where players outside the cluster reach a server: a pure function of what the cluster shows. */
final class PlayerAddress {

    private static final int PLAYERS_PORT = 7777;

    private PlayerAddress() {}

    /**
     * Says where players reach a pod.
     *
     * @param exposure as the mesh has it
     * @param pod      the server's
     * @param service  for its players, if there is one (yet)
     * @return host:port, or empty as long as it cannot be told
     */
    static Optional<String> of(ExposureSpec exposure, Pod pod, @Nullable Service service) {
        return switch (exposure.type()) {
            case HOST_PORT -> host(exposure, nodeIp(pod)).map(host -> join(host, PLAYERS_PORT));
            case NODE_PORT ->
                nodePort(service).flatMap(port -> host(exposure, nodeIp(pod)).map(host -> join(host, port)));
            case LOAD_BALANCER -> host(exposure, ingress(service)).map(host -> join(host, PLAYERS_PORT));
        };
    }

    private static Optional<String> host(ExposureSpec exposure, Optional<String> reported) {
        return Optional.ofNullable(exposure.advertisedHost()).or(() -> reported);
    }

    private static Optional<String> nodeIp(Pod pod) {
        return Optional.ofNullable(pod.getStatus()).map(status -> status.getHostIP());
    }

    private static Optional<Integer> nodePort(@Nullable Service service) {
        List<ServicePort> ports =
                service == null ? List.of() : service.getSpec().getPorts();
        return ports.stream()
                .filter(port -> "players".equals(port.getName()) && port.getNodePort() != null)
                .map(ServicePort::getNodePort)
                .findFirst();
    }

    private static Optional<String> ingress(@Nullable Service service) {
        if (service == null
                || service.getStatus() == null
                || service.getStatus().getLoadBalancer() == null
                || service.getStatus().getLoadBalancer().getIngress() == null) {
            return Optional.empty();
        }
        return service.getStatus().getLoadBalancer().getIngress().stream()
                .flatMap(PlayerAddress::name)
                .findFirst();
    }

    private static Stream<String> name(LoadBalancerIngress ingress) {
        return Optional.ofNullable(ingress.getIp()).or(() -> Optional.ofNullable(ingress.getHostname())).stream();
    }

    private static String join(String host, int port) {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
