package io.gamemesh.server.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.gamemesh.protocol.sealed.Blockage;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SealedPathTest {
    private static final InetSocketAddress HOME = new InetSocketAddress("192.0.2.1", 1000);
    private static final InetSocketAddress AWAY = new InetSocketAddress("192.0.2.1", 2000);
    private static final InetSocketAddress FURTHER = new InetSocketAddress("192.0.2.9", 1000);
    private static final long ASKED = SealedPath.TRUSTED.toNanos();
    private static final long LAPSED = ASKED + SealedPath.LAPSES.toNanos() + 1;

    private final AtomicLong tokens = new AtomicLong(100);
    private final SealedPath path = new SealedPath(HOME, tokens::incrementAndGet, 0);

    @Test
    void sendsNothingSealedBeforeTheClientDoes() {
        assertThat(path.isOpen(0)).isFalse();
    }

    @Test
    void followsTheClient() {
        path.heardSealed(0);
        assertThat(path.isOpen(1)).isTrue();

        path.datagramOverQuic();

        assertThat(path.isOpen(2)).isFalse();
    }

    @Test
    void givesUpAfterASilenceInWhichQuicIsHeard() {
        path.heardSealed(5);
        look(5, Blockage.QUIET.toNanos());
        path.heardOverQuic(5 + Blockage.QUIET.toNanos());
        look(5 + Blockage.QUIET.toNanos(), Blockage.LEAST.toNanos() - 1);

        assertThat(path.isOpen(4 + Blockage.LEAST.toNanos())).isTrue();
        assertThat(path.isOpen(5 + Blockage.LEAST.toNanos())).isFalse();
    }

    /** The client or the server is slow, and would be slower over QUIC. */
    @Test
    void doesNotGiveUpWhereNothingIsHeardOverQuicEither() {
        path.heardSealed(5);
        path.heardOverQuic(6);

        look(5, 9 * Blockage.LEAST.toNanos());
        assertThat(path.isOpen(5 + 9 * Blockage.LEAST.toNanos())).isTrue();
    }

    private void look(long from, long until) {
        for (long now = from; now < until; now += Blockage.QUIET.toNanos() / 2) {
            path.isOpen(now);
        }
    }

    /** What has come meanwhile has not been read yet. */
    @Test
    void doesNotGiveUpWhenItLooksLate() {
        long late = 9 * Blockage.LEAST.toNanos();
        path.heardSealed(0);
        path.heardOverQuic(Blockage.QUIET.toNanos());

        assertThat(path.isOpen(late)).isTrue();
        path.heardSealed(late + 1);

        look(late, late + Blockage.LEAST.toNanos());
        assertThat(path.isOpen(late + Blockage.LEAST.toNanos())).isTrue();
    }

    @Test
    void waitsForWhatMayFollowWhatItHearsOverQuic() {
        long late = 9 * Blockage.LEAST.toNanos();
        path.heardSealed(5);
        look(5, late);
        path.heardOverQuic(late);
        look(late, late + Blockage.QUIET.toNanos());

        assertThat(path.isOpen(late + Blockage.QUIET.toNanos() - 1)).isTrue();
        path.heardSealed(late + Blockage.QUIET.toNanos() - 1);

        assertThat(path.isOpen(late + Blockage.QUIET.toNanos())).isTrue();
    }

    @Test
    void probesAnotherAddressAndGoesThereOnceItAnswers() {
        assertThat(path.cameFrom(AWAY, true, 0)).isTrue();
        assertThat(path.address()).isEqualTo(HOME);

        path.answered(AWAY, path.token(), 0);

        assertThat(path.address()).isEqualTo(AWAY);
        assertThat(path.cameFrom(AWAY, true, 1)).isFalse();
    }

    @Test
    void takesNoAnswerFromElsewhereOrWithAnotherToken() {
        path.cameFrom(AWAY, true, 0);

        path.answered(FURTHER, path.token(), 0);
        path.answered(AWAY, path.token() + 1, 0);

        assertThat(path.address()).isEqualTo(HOME);
    }

    @Test
    void takesNoAnswerToWhatItHasNotAsked() {
        path.answered(AWAY, path.token(), 0);

        assertThat(path.address()).isEqualTo(HOME);
    }

    @Test
    void takesNoAnswerTwice() {
        path.cameFrom(AWAY, true, 0);
        long token = path.token();
        path.answered(AWAY, token, 0);
        path.cameFrom(HOME, true, SealedPath.PROBE_PAUSE.toNanos());

        path.answered(HOME, token, 0);

        assertThat(path.address()).isEqualTo(AWAY);
    }

    @Test
    void doesNotFollowAnOldPacket() {
        assertThat(path.cameFrom(AWAY, false, 0)).isFalse();
    }

    @Test
    void probesNoMoreOftenThanItMay() {
        long pause = SealedPath.PROBE_PAUSE.toNanos();

        assertThat(path.cameFrom(AWAY, true, 7)).isTrue();
        assertThat(path.cameFrom(AWAY, true, 8)).isFalse();
        assertThat(path.cameFrom(FURTHER, true, 6 + pause)).isFalse();
        assertThat(path.cameFrom(FURTHER, true, 7 + pause)).isTrue();
    }

    @Test
    void asksAgainWhetherTheClientIsStillThere() {
        long due = SealedPath.TRUSTED.toNanos();
        long pause = SealedPath.CHECK_PAUSE.toNanos();

        assertThat(path.checkDue(due - 1)).isFalse();
        assertThat(path.checkDue(due)).isTrue();
        assertThat(path.checkDue(due + pause - 1)).isFalse();
        assertThat(path.checkDue(due + pause)).isTrue();
        path.answered(HOME, path.checkToken(), due + pause + 5);

        assertThat(path.checkDue(due + pause + 5 + due - 1)).isFalse();
        assertThat(path.checkDue(due + pause + 5 + due)).isTrue();
    }

    @Test
    void givesUpWhereNobodyAnswersAnyMore() {
        path.checkDue(ASKED);
        path.answered(AWAY, path.checkToken(), ASKED);
        path.answered(HOME, path.checkToken() + 1, ASKED);

        path.heardSealed(LAPSED);

        assertThat(path.isOpen(LAPSED - 1)).isTrue();
        assertThat(path.isOpen(LAPSED)).isFalse();
    }

    @Test
    void takesUpAgainWhatItHasGivenUpOnceItAnswers() {
        path.checkDue(ASKED);

        assertThat(path.cameFrom(HOME, true, LAPSED)).isTrue();
        assertThat(path.answered(HOME, path.token(), LAPSED)).isFalse();
        path.heardSealed(LAPSED);

        assertThat(path.isOpen(LAPSED)).isTrue();
    }

    /** Meanwhile it was QUIC that found the client there. */
    @Test
    void doesNotGiveUpAnAddressThatItHasNotAsked() {
        path.heardSealed(10 * LAPSED);

        assertThat(path.isOpen(10 * LAPSED)).isTrue();
        assertThat(path.checkDue(10 * LAPSED)).isTrue();
        assertThat(path.isOpen(10 * LAPSED + SealedPath.LAPSES.toNanos())).isTrue();
    }

    @Test
    void staysWhereItIsAnswered() {
        long now = 0;
        for (int i = 0; i < 10; i++) {
            now += SealedPath.TRUSTED.toNanos();
            assertThat(path.checkDue(now)).isTrue();
            path.answered(HOME, path.checkToken(), now);
        }
        path.heardSealed(now);

        assertThat(path.isOpen(now)).isTrue();
        assertThat(path.address()).isEqualTo(HOME);
    }
}
