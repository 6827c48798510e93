package io.gamemesh.fuzzing;

import java.util.Arrays;
import java.util.List;

/**
 * Where Jazzer hands over its inputs. The system property {@code gamemesh.fuzzing.target} names the target; without it the
 * first byte of each input does, by its place among all of them.
 */
public final class FuzzEntry {

    private static final List<Trial<?>> TRIALS = trials(System.getProperty("gamemesh.fuzzing.target", ""));

    private FuzzEntry() {}

    private static List<Trial<?>> trials(String name) {
        List<Target<?>> targets = name.isEmpty() ? Targets.all() : List.of(Targets.named(name));
        return targets.stream().<Trial<?>>map(Trial::new).toList();
    }

    /** Makes the targets, which takes longer than any input may; called by name. */
    public static void fuzzerInitialize() {
        if (TRIALS.isEmpty()) {
            throw new IllegalStateException("there is no target");
        }
    }

    /** Tries one input; called by name. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (TRIALS.size() == 1) {
            boolean _ = TRIALS.getFirst().run(input);
        } else if (input.length > 0) {
            Trial<?> trial = TRIALS.get(Byte.toUnsignedInt(input[0]) % TRIALS.size());
            boolean _ = trial.run(Arrays.copyOfRange(input, 1, input.length));
        }
    }

    /** An input of the target in that place, for when the first byte names it. */
    static byte[] chosen(int place, byte[] input) {
        byte[] chosen = new byte[input.length + 1];
        chosen[0] = (byte) place;
        System.arraycopy(input, 0, chosen, 1, input.length);
        return chosen;
    }
}
