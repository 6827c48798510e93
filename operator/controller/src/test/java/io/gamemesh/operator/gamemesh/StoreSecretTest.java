package io.gamemesh.operator.gamemesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import org.junit.jupiter.api.Test;

class StoreSecretTest {

    private static final Secret WHOLE = new SecretBuilder()
            .addToData("url", "dXJs")
            .addToData("username", "dXNlcg==")
            .addToData("password", "cGFzc3dvcmQ=")
            .build();

    @Test
    void isThatOfTheSpec() {
        assertThat(StoreSecret.name(Meshes.read("everything").getSpec())).isEqualTo("world-database");
        assertThat(StoreSecret.name(Meshes.read("defaults").getSpec())).isNull();
        assertThat(StoreSecret.name(Meshes.spec("stores: {redis: {secretRef: {name: cache}}}")))
                .isNull();
    }

    @Test
    void hasNoProblemIfAllKeysAreThere() {
        assertThat(StoreSecret.problems("world-database", WHOLE)).isEmpty();
    }

    @Test
    void isMissedByName() {
        assertThat(StoreSecret.problems("world-database", null))
                .singleElement()
                .asString()
                .contains("Secret world-database", "spec.stores.postgres.secretRef", "does not exist")
                .contains("create it with the keys url, username, password");
    }

    @Test
    void isSaidToLackWhatItLacksAndNothingOfWhatItHas() {
        Secret partly = WHOLE.edit()
                .removeFromData("username")
                .addToData("password", "")
                .build();

        assertThat(StoreSecret.problems("world-database", partly))
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("has no key username"),
                        problem -> assertThat(problem).contains("has no key password"))
                .noneMatch(problem -> problem.contains("dXJs"));
        assertThat(StoreSecret.problems("world-database", new Secret())).hasSize(3);
    }
}
