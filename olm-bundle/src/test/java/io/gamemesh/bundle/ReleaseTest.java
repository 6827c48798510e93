package io.gamemesh.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0", "10.20.30", "1.0.0-rc.1"})
    void takesASemanticVersion(String version) {
        assertThat(release(version, Optional.of(version)).version()).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.0", "v1.0.0", "1.0.0-SNAPSHOT", "1.0.0+build", "1.0.0 ", "latest"})
    void refusesWhatCannotBeAVersionOrPartOfAName(String version) {
        assertThatThrownBy(() -> release(version, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not '%s'".formatted(version));
        assertThatThrownBy(() -> release("1.0.0", Optional.of(version)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not '%s'".formatted(version));
    }

    @Test
    void refusesToGoWithoutImages() {
        assertThatThrownBy(() -> new Release("1.0.0", Optional.empty(), "", "server"))
                .hasMessageContaining("must name the images");
        assertThatThrownBy(() -> new Release("1.0.0", Optional.empty(), "operator", " "))
                .hasMessageContaining("must name the images");
    }

    private static Release release(String version, Optional<String> replaces) {
        return new Release(version, replaces, "operator", "server");
    }
}
