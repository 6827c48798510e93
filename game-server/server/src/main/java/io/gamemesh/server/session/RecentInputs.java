package io.gamemesh.server.session;

import io.gamemesh.protocol.wire.InputDatagram;
import io.gamemesh.protocol.wire.InputDatagram.Input;
import io.gamemesh.protocol.wire.Parts;
import io.gamemesh.protocol.wire.Wire;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The latest inputs of a client. Those that come while its player is between two regions are done by neither of them: the next
 * one is told them again. Not thread-safe.
 */
final class RecentInputs {

    private final ArrayDeque<Input> newestFirst = new ArrayDeque<>(Wire.MAX_INPUTS);
    private @Nullable Parts parts;

    void add(InputDatagram datagram) {
        List<Input> told = datagram.inputs();
        for (int i = told.size() - 1; i >= 0; i--) {
            Input input = told.get(i);
            if (newestFirst.isEmpty()
                    || input.sequence() > newestFirst.getFirst().sequence()) {
                if (newestFirst.size() == Wire.MAX_INPUTS) {
                    newestFirst.removeLast();
                }
                newestFirst.addFirst(input);
                parts = datagram.parts();
            }
        }
    }

    /**
     * As the client might have sent them all at once, acknowledging nothing; empty if there are none. Only those are in it that
     * follow each other without a gap, as is the rule for a datagram.
     */
    Optional<InputDatagram> datagram() {
        List<Input> unbroken = newestFirst.stream().limit(unbroken()).toList();
        return unbroken.isEmpty()
                ? Optional.empty()
                : Optional.of(new InputDatagram(InputDatagram.Acknowledged.NOTHING, unbroken, parts));
    }

    private int unbroken() {
        int count = 0;
        long expected = newestFirst.isEmpty() ? 0 : newestFirst.getFirst().sequence();
        for (Input input : newestFirst) {
            if (input.sequence() != expected--) {
                break;
            }
            count++;
        }
        return count;
    }
}
