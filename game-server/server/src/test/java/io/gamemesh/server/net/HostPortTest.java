package io.gamemesh.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @Test
    void readsNamesAndAddresses() {
        assertThat(HostPort.parse("demo.svc:9090")).isEqualTo(new HostPort("demo.svc", 9090));
        assertThat(HostPort.parse("[2001:db8::1]:7777")).isEqualTo(new HostPort("2001:db8::1", 7777));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo.svc:9090", "10.0.0.1:0", "[::1]:65535"})
    void writesWhatItReads(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", ":1", "demo:", "demo:-1", "demo:65536", "demo:x", "::1:9", "[]:1", "[::1]"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
