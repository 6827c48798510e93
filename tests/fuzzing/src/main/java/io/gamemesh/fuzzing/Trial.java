package io.gamemesh.fuzzing;

import com.sun.management.ThreadMXBean;
import io.gamemesh.core.region.RegionStateException;
import io.gamemesh.core.transfer.TicketException;
import io.gamemesh.protocol.wire.WireFormatException;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * Puts one input after the other to a target. Whatever a target throws but a documented refusal is a fault, and so is
 * memory beyond its bound. Not thread-safe.
 */
final class Trial<V> {

    private static final int ATTEMPTS = 3;

    private final Target<V> target;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    Trial(Target<V> target) {
        this.target = target;
    }

    /**
     * Tries one input.
     *
     * @return whether the target has taken it; false if it has refused it
     * @throws AssertionError if what must hold does not
     */
    boolean run(byte[] input) {
        long bound = target.mostAllocated(input.length);
        long least = Long.MAX_VALUE;
        // What is loaded and linked with the first use of a class isn't the input's doing, and does not come again.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            byte[] copy = input.clone();
            long before = threads.getCurrentThreadAllocatedBytes();
            Optional<V> value = decode(copy);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            if (least <= bound) {
                value.ifPresent(decoded -> target.check(input, decoded));
                return value.isPresent();
            }
        }
        throw new AssertionError(target.name() + " allocates " + least + " bytes for an input of " + input.length
                + ", expected at most " + bound);
    }

    private Optional<V> decode(byte[] input) {
        try {
            return Optional.of(target.decode(input));
        } catch (WireFormatException | RegionStateException | TicketException e) {
            if (String.valueOf(e.getMessage()).length() < 8) {
                throw new AssertionError(target.name() + " does not say why it refuses: " + e.getMessage());
            }
            return Optional.empty();
        }
    }
}
