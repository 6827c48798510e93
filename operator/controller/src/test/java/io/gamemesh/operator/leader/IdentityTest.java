package io.gamemesh.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {

    @Test
    void isReadBackFromTheLease() {
        Identity identity = new Identity("gamemesh-operator-5d4f-abcde", "[2001:db8::1]:9090");

        assertThat(Identity.parse(identity.toString())).contains(identity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pod", "@address", "pod@"})
    void isNobodyWhereTheLeaseNamesNobody(String holder) {
        assertThat(Identity.parse(holder)).isEmpty();
    }

    @Test
    void isNobodyWhereThereIsNoLease() {
        assertThat(Identity.parse(null)).isEmpty();
    }
}
