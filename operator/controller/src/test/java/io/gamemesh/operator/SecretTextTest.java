package io.gamemesh.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import org.junit.jupiter.api.Test;

class SecretTextTest {

    @Test
    void readsWhatItHasEncoded() {
        Secret secret = new SecretBuilder()
                .addToData("ca.crt", SecretText.encode("Gru\u00df\n"))
                .build();

        assertThat(SecretText.read(secret, "ca.crt")).isEqualTo("Gru\u00df\n");
    }

    @Test
    void knowsNothingOfASecretOrKeyThatIsNotThere() {
        assertThat(SecretText.read(null, "ca.crt")).isNull();
        assertThat(SecretText.read(new Secret(), "ca.crt")).isNull();
        assertThat(SecretText.read(new SecretBuilder().addToData("tls.crt", "").build(), "ca.crt"))
                .isNull();
    }
}
