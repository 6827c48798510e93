package io.gamemesh.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BoundedAuthenticatorTest {

    private static final Authentication ANSWER = new Authentication.Refused("not good");

    private final List<Authentication> meanwhile = new ArrayList<>();
    private final BoundedAuthenticator authenticator = new BoundedAuthenticator(this::review, 2);

    @Nullable private String next;

    @Test
    void tellsTheOneTooManyToTryAgain() {
        next = "second";

        Authentication first = authenticator.authenticate("first");

        assertThat(first).isEqualTo(ANSWER);
        assertThat(meanwhile)
                .containsExactly(new Authentication.Unavailable("2 tokens are being checked; try again"), ANSWER);
    }

    @Test
    void hasRoomAgainOnceATokenIsChecked() {
        for (int i = 0; i < 5; i++) {
            assertThat(authenticator.authenticate("token")).isEqualTo(ANSWER);
        }
    }

    /** While a token is checked the next one comes, up to the third. */
    private Authentication review(String token) {
        String coming = next;
        if (coming != null) {
            next = coming.equals("second") ? "third" : null;
            meanwhile.add(authenticator.authenticate(coming));
        }
        return ANSWER;
    }
}
