package io.gamemesh.protocol.id;

/**
 * One entity, for as long as the mesh lives: 24 bits say which process made it, 40 count what that process has made. So
 * no two servers ever have to agree on a fresh one.
 *
 * @param packed the 64 bits, incarnation first
 */
public record EntityId(long packed) implements Comparable<EntityId> {

    /** The greatest incarnation: 2^24 - 1. */
    public static final int MAX_INCARNATION = (1 << 24) - 1;

    /** The greatest counter: 2^40 - 1. */
    public static final long MAX_COUNTER = (1L << 40) - 1;

    /** Refuses an id without an incarnation. */
    public EntityId {
        if (packed >>> 40 == 0) {
            throw new IllegalArgumentException(
                    "entity id 0x" + Long.toHexString(packed) + " has incarnation 0, expected 1 to " + MAX_INCARNATION);
        }
    }

    /**
     * An id from its parts.
     *
     * @throws IllegalArgumentException if the incarnation is not within 1 to {@value #MAX_INCARNATION} or the counter
     *     not within 0 to {@value #MAX_COUNTER}
     */
    public static EntityId of(int incarnation, long counter) {
        if (incarnation < 1 || incarnation > MAX_INCARNATION) {
            throw new IllegalArgumentException(
                    "incarnation of an entity id is " + incarnation + ", expected 1 to " + MAX_INCARNATION);
        }
        if (counter < 0 || counter > MAX_COUNTER) {
            throw new IllegalArgumentException(
                    "counter of an entity id is " + counter + ", expected 0 to " + MAX_COUNTER);
        }
        return new EntityId(((long) incarnation << 40) | counter);
    }

    /** The process that made the entity: 1 to {@value #MAX_INCARNATION}. */
    public int incarnation() {
        return (int) (packed >>> 40);
    }

    /** Which of that process's entities it is: 0 to {@value #MAX_COUNTER}. */
    public long counter() {
        return packed & MAX_COUNTER;
    }

    /** Unsigned order of the packed form. */
    @Override
    public int compareTo(EntityId other) {
        return Long.compareUnsigned(packed, other.packed);
    }

    /** {@code INCARNATION.COUNTER}, for people. */
    @Override
    public String toString() {
        return incarnation() + "." + counter();
    }
}
