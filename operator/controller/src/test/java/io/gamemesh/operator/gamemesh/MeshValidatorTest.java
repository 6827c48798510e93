package io.gamemesh.operator.gamemesh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshValidatorTest {

    @Test
    void acceptsWhatTheSamplesAskFor() {
        assertThat(MeshValidator.validate(Meshes.read("defaults").getSpec()).valid())
                .isTrue();
        assertThat(MeshValidator.validate(Meshes.read("everything").getSpec()).problems())
                .isEmpty();
    }

    @Test
    void refusesRequestsAboveTheLimit() {
        Validity validity = validate("servers: {resources: {requests: {memory: 2Gi}, limits: {memory: 1000Mi}}}");

        assertThat(validity.problems())
                .singleElement()
                .asString()
                .contains("spec.servers.resources.requests.memory", "2Gi", "1000Mi");
    }

    @Test
    void refusesATemplateThatTakesPodsOutOfTheSelector() {
        Validity validity = validate("servers: {template: {metadata: {labels: {app.kubernetes.io/instance: other}}}}");

        assertThat(validity.problems()).singleElement().asString().contains("app.kubernetes.io/instance=other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "coordinator-ca", "secret", "token", "jwt", "store"})
    void refusesATemplateThatReplacesAVolumeOfTheOperators(String volume) {
        Validity validity = validate(
                "servers: {template: {spec: {volumes: [{name: " + volume + ", emptyDir: {}}], containers: []}}}");

        assertThat(validity.problems()).singleElement().asString().contains("\"" + volume + "\"");
    }

    @Test
    void refusesATemplateThatHidesHowAServerEnded() {
        Validity validity = validate("""
                servers:
                  template:
                    spec:
                      containers:
                      - name: game-server
                        terminationMessagePolicy: FallbackToLogsOnError
                """);

        assertThat(validity.problems()).singleElement().asString().contains("terminationMessagePolicy");
    }

    @Test
    void refusesATemplateThatRunsServersAsSomebodyElse() {
        Validity current = validate("servers: {template: {spec: {serviceAccountName: admin, containers: []}}}");
        Validity deprecated = validate("servers: {template: {spec: {serviceAccount: admin, containers: []}}}");

        assertThat(current.problems()).singleElement().asString().contains("serviceAccountName", "leave it out");
        assertThat(deprecated.problems()).singleElement().asString().contains("serviceAccountName", "leave it out");
    }

    @Test
    void refusesATemplateThatSharesSomethingWithTheNode() {
        Validity validity = validate(
                "servers: {template: {spec: {hostNetwork: true, hostPID: true, hostIPC: true, containers: []}}}");

        assertThat(validity.problems()).hasSize(3);
        assertThat(validity.message()).contains("hostNetwork", "hostPID", "hostIPC", "share nothing with their node");
    }

    @Test
    void refusesATemplateThatMountsAPathOfTheNode() {
        Validity validity = validate(
                "servers: {template: {spec: {volumes: [{name: root, hostPath: {path: /etc}}], containers: []}}}");

        assertThat(validity.problems()).singleElement().asString().contains("\"root\"", "/etc", "another kind");
    }

    @Test
    void refusesPrivilegedContainers() {
        Validity validity = validate("""
                servers:
                  template:
                    spec:
                      initContainers:
                      - name: before
                        image: registry.example.com/before:1
                        securityContext: {privileged: true}
                      containers:
                      - name: game-server
                        securityContext: {privileged: true}
                      - name: sidecar
                        image: registry.example.com/sidecar:1
                        securityContext: {privileged: false}
                """);

        assertThat(validity.problems()).hasSize(2);
        assertThat(validity.message()).contains("\"before\" is privileged", "\"game-server\" is privileged");
    }

    @Test
    void refusesAContainerWithoutAnImageAndOtherPorts() {
        Validity validity = validate("""
                servers:
                  template:
                    spec:
                      containers:
                      - name: gameserver
                      - name: game-server
                        ports: [{name: players, containerPort: 1}]
                """);

        assertThat(validity.problems()).hasSize(2);
        assertThat(validity.message()).contains("containers[gameserver]", "needs an image", "spec.servers.exposure");
    }

    private static Validity validate(String spec) {
        return MeshValidator.validate(Meshes.spec(spec));
    }
}
