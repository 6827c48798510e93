package io.gamemesh.protocol.sealed;

import java.util.Arrays;

/**
 * Which counters have been seen: the newest and {@value #SIZE} before it; what is older counts as seen. A ring of words,
 * so that moving on clears words instead of shifting bits. Constant time but for a jump, which clears all words at the
 * most. Not thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6479">RFC 6479</a>
 */
public final class ReplayWindow {
    private static final int WORDS = 32;

    /** How far behind the newest a counter may be. */
    public static final int SIZE = (WORDS - 1) * Long.SIZE;

    private final long[] seen = new long[WORDS];
    private long newest = -1;

    /** True if the counter was not seen and is not too old to tell. Changes nothing. */
    public boolean isFresh(long counter) {
        if (counter > newest) {
            return true;
        }
        return newest - counter <= SIZE && (seen[word(counter)] & 1L << counter) == 0;
    }

    /** Notes a fresh counter as seen: only call it for packets that are authentic. */
    public void mark(long counter) {
        if (counter > newest) {
            advance(counter);
        }
        seen[word(counter)] |= 1L << counter;
    }

    /** The highest counter that was seen; -1 if none was. */
    public long newest() {
        return newest;
    }

    private void advance(long counter) {
        long from = newest >> 6;
        long to = counter >> 6;
        if (to - from >= WORDS) {
            Arrays.fill(seen, 0);
        } else {
            for (long word = from + 1; word <= to; word++) {
                seen[(int) word & WORDS - 1] = 0;
            }
        }
        newest = counter;
    }

    private static int word(long counter) {
        return (int) (counter >> 6) & WORDS - 1;
    }
}
