package io.gamemesh.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class SealedPathTest {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);

    private final AtomicLong tokens = new AtomicLong(100);
    private final SealedPath path = new SealedPath(tokens::incrementAndGet, 0);
    private long now;

    private List<Long> probesWithinMillis(long millis) {
        return lookFor(millis, path::tick);
    }

    private List<Long> questionsWithinMillis(long millis) {
        return lookFor(millis, at -> {
            path.tick(at);
            return path.asksOverQuic(at);
        });
    }

    /** The same where everything of the server is heard, and nothing from here gets through. */
    private List<Long> questionsUnheardWithinMillis(long millis) {
        return lookFor(millis, at -> {
            path.heard(at);
            path.tick(at);
            return path.asksOverQuic(at);
        });
    }

    /** In which milliseconds a look at each tick found something to do. */
    private List<Long> lookFor(long millis, LongPredicate something) {
        List<Long> found = new ArrayList<>();
        long until = now + TimeUnit.MILLISECONDS.toNanos(millis);
        while (now < until) {
            if (something.test(now)) {
                found.add(TimeUnit.NANOSECONDS.toMillis(now));
            }
            now += TICK;
        }
        return found;
    }

    private void open() {
        path.tick(now);
        path.heard(now);
        path.answered(path.token(), now);
    }

    @Test
    void probesEverMoreRarely() {
        assertThat(probesWithinMillis(20_000))
                .containsExactly(0L, 100L, 300L, 700L, 1500L, 3100L, 6300L, 11_300L, 16_300L);
        assertThat(path.isOpen()).isFalse();
    }

    @Test
    void opensWhenAProbeIsAnswered() {
        open();

        assertThat(path.isOpen()).isTrue();
    }

    @Test
    void takesNoOtherAnswer() {
        path.tick(now);

        path.answered(path.token() + 1, now);

        assertThat(path.isOpen()).isFalse();
    }

    @Test
    void needsNoProbesWhileItHears() {
        open();

        for (int i = 0; i < 100; i++) {
            now += TICK;
            path.heard(now);
            assertThat(path.tick(now)).isFalse();
        }
    }

    @Test
    void probesInSilenceAndStaysOpenIfAnswered() {
        open();

        assertThat(probesWithinMillis(400)).containsExactly(300L);
        path.heard(now);

        assertThat(probesWithinMillis(400)).hasSize(1);
        assertThat(path.isOpen()).isTrue();
    }

    @Test
    void closesAfterASecondInWhichOnlyQuicIsHeardAndBeginsAgainASecondLater() {
        open();
        long token = path.token();

        assertThat(probesWithinMillis(550)).hasSize(1);
        path.heardOverQuic(now);
        assertThat(probesWithinMillis(450)).hasSize(2);
        assertThat(path.isOpen()).isTrue();
        assertThat(probesWithinMillis(2000)).containsExactly(2000L, 2100L, 2300L, 2700L);

        path.answered(token, now);
        assertThat(path.isOpen()).as("an answer to what was asked before").isFalse();
        path.answered(path.token(), now);
        assertThat(path.isOpen()).isTrue();
    }

    @Test
    void closesOnceQuicIsHeardHoweverLateThatIs() {
        open();
        probesWithinMillis(5000);

        for (int i = 0; i < 6; i++) {
            assertThat(path.isOpen()).isTrue();
            path.heardOverQuic(now);
            probesWithinMillis(50);
        }
        probesWithinMillis(50);

        assertThat(path.isOpen()).isFalse();
    }

    /** Whoever lets probes through and nothing else would have the player stand still half of the time. */
    @Test
    void restsLongerEachTimeThatItIsBlockedSoonAgain() {
        List<Long> rests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            open();
            probesWithinMillis(550);
            path.heardOverQuic(now);
            probesWithinMillis(500);
            long closed = TimeUnit.NANOSECONDS.toMillis(now);
            rests.add((probesWithinMillis(61_000).getFirst() - closed) / 1000);
        }

        assertThat(rests).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 59L, 59L);

        open();
        for (int i = 0; i < 200; i++) {
            now += TICK;
            path.heard(now);
            path.tick(now);
        }
        path.heardOverQuic(now + TimeUnit.MILLISECONDS.toNanos(400));
        probesWithinMillis(1050);
        assertThat(path.isOpen()).isFalse();
        assertThat(probesWithinMillis(1000)).isNotEmpty();
    }

    @Test
    void followsAServerThatSendsOverQuicForAWhile() {
        open();

        for (int i = 0; i < 40; i++) {
            path.heard(now);
            path.datagramOverQuic(now);
            path.tick(now);
            assertThat(path.isOpen()).isTrue();
            now += TICK;
        }
        path.datagramOverQuic(now);
        path.tick(now);

        assertThat(path.isOpen()).isFalse();
    }

    @Test
    void doesNotFollowAServerOfWhichItHasReadNothingForAWhile() {
        open();
        path.datagramOverQuic(now);
        now += TimeUnit.SECONDS.toNanos(3);

        path.datagramOverQuic(now);
        path.tick(now);

        assertThat(path.isOpen()).isTrue();
    }

    @Test
    void doesNotFollowAServerWhoseDatagramsWereUnderWay() {
        open();
        path.datagramOverQuic(now);
        path.heardDatagram();
        now += TimeUnit.SECONDS.toNanos(3);
        path.heard(now);

        path.datagramOverQuic(now);
        path.tick(now);

        assertThat(path.isOpen()).isTrue();
    }

    /** Who is slow would be slower over QUIC. */
    @Test
    void staysOpenWhereNothingIsHeardOverQuicEither() {
        open();

        assertThat(probesWithinMillis(20_000)).isNotEmpty();

        assertThat(path.isOpen()).isTrue();
    }

    @Test
    void staysOpenWhereSomethingSealedComesSoonAfterWhatCameOverQuic() {
        open();
        probesWithinMillis(2000);

        path.heardOverQuic(now);
        probesWithinMillis(250);
        path.heard(now);
        probesWithinMillis(500);

        assertThat(path.isOpen()).isTrue();
    }

    @Test
    void asksOverQuicOnceInASilence() {
        open();

        assertThat(questionsWithinMillis(3000)).containsExactly(500L);
        path.heard(now);
        path.inputTaken(now);
        assertThat(questionsWithinMillis(3000)).containsExactly(3500L);
    }

    @Test
    void asksOverQuicEveryTwoSecondsForInputsThatAreNotTaken() {
        open();

        assertThat(questionsUnheardWithinMillis(3000)).containsExactly(500L, 2500L);
        path.inputTaken(now);
        assertThat(questionsUnheardWithinMillis(2000)).containsExactly(4500L);
    }

    /** A slow server takes inputs, though rarely. */
    @Test
    void asksNoMoreOftenWhereInputsAreTakenRarely() {
        open();
        List<Long> questions = new ArrayList<>();

        for (int i = 0; i < 6; i++) {
            questions.addAll(questionsUnheardWithinMillis(600));
            path.inputTaken(now);
        }

        assertThat(questions).containsExactly(500L, 2900L);
    }

    /** Some always look rarely. */
    @Test
    void asksForInputsThatAreNotTakenThoughItLooksRarely() {
        open();
        List<Long> questions = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(400);
            path.heard(now);
            path.tick(now);
            if (path.asksOverQuic(now)) {
                questions.add(TimeUnit.NANOSECONDS.toMillis(now));
            }
        }

        assertThat(questions).containsExactly(800L);
    }

    /** What came while it could not run has not been read yet. */
    @Test
    void doesNotAskForInputsWhenItLooksLate() {
        open();
        questionsUnheardWithinMillis(100);
        now += TimeUnit.SECONDS.toNanos(2);

        assertThat(questionsUnheardWithinMillis(250)).isEmpty();
        path.inputTaken(now);

        assertThat(questionsUnheardWithinMillis(250)).isEmpty();
    }

    @Test
    void asksForNoInputsThatWentOverQuic() {
        path.inputTaken(now);

        assertThat(questionsUnheardWithinMillis(3000)).isEmpty();
    }

    /** What came while it could not run has not been read yet. */
    @Test
    void doesNotAskWhenItLooksLate() {
        open();
        questionsWithinMillis(100);

        now += TimeUnit.SECONDS.toNanos(2);

        assertThat(questionsWithinMillis(250)).isEmpty();
        assertThat(questionsWithinMillis(100)).hasSize(1);
    }

    @Test
    void doesNotProbeWhenItLooksLate() {
        open();
        probesWithinMillis(100);

        now += TimeUnit.SECONDS.toNanos(2);

        assertThat(probesWithinMillis(250)).isEmpty();
        assertThat(probesWithinMillis(100)).hasSize(1);
    }
}
