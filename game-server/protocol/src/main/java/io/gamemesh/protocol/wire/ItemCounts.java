package io.gamemesh.protocol.wire;

import static io.gamemesh.protocol.wire.WireFormatException.malformed;

import java.util.Arrays;
import java.util.TreeMap;

/**
 * How many there are of which items: what a player carries, or what is exchanged. As much as fits into
 * {@value #MAX_STACKS} stacks of {@value #MAX_STACK}; an item of which there are more takes several. Immutable; equal
 * ones have equal bytes.
 */
public final class ItemCounts {

    /** How many of an item are one stack. */
    public static final int MAX_STACK = 99;

    /** How many stacks there may be. */
    public static final int MAX_STACKS = 36;

    /** The greatest item; 0 is the least. */
    public static final int MAX_ITEM = 0xffff;

    /** Nothing. */
    public static final ItemCounts NONE = new ItemCounts(new int[0]);

    private static final int MAX_COUNT = MAX_STACK * MAX_STACKS;
    private static final int COUNT_BITS = 16;
    private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;

    static final Codec<ItemCounts> CODEC = Codec.of((out, items) -> items.write(out), ItemCounts::read);

    /** Takes each of some items. */
    @FunctionalInterface
    public interface Consumer {
        /** Takes one of them, and how many there are, 1 or more. */
        void accept(int item, int count);
    }

    // Ascending by item, each once: the item in the upper half, its count, 1 or more, in the lower.
    private final int[] entries;

    private ItemCounts(int[] entries) {
        this.entries = entries;
    }

    /**
     * Some of one item.
     *
     * @param item 0 to {@value #MAX_ITEM}
     * @param count 1 to as many as fit into {@value #MAX_STACKS} stacks
     * @throws IllegalArgumentException if they are not
     */
    public static ItemCounts of(int item, int count) {
        if (item < 0 || item > MAX_ITEM || count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException(
                    "item " + item + ", " + count + " times, expected 0 to " + MAX_ITEM + ", 1 to " + MAX_COUNT);
        }
        return new ItemCounts(new int[] {entry(item, count)});
    }

    /**
     * From how people write it: {@code 1:10,2:5} is ten of item 1 and five of item 2; nothing is written as nothing.
     *
     * @throws IllegalArgumentException if it is not as said, names an item twice or is more than fits
     */
    public static ItemCounts parse(String text) {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        if (!text.isBlank()) {
            for (String part : text.split(",", -1)) {
                String[] numbers = part.strip().split(":", -1);
                try {
                    if (numbers.length != 2
                            || counts.put(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])) != null) {
                        throw unreadable(text);
                    }
                } catch (NumberFormatException e) {
                    throw unreadable(text);
                }
            }
        }
        ItemCounts items = NONE;
        for (var each : counts.entrySet()) {
            items = items.plus(of(each.getKey(), each.getValue()));
        }
        return items;
    }

    private static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException(
                "items are '" + text + "', expected ITEM:COUNT,... with each item once, as in 1:10,2:5");
    }

    private static int entry(int item, int count) {
        return item << COUNT_BITS | count;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return entries.length == 0;
    }

    /** How many of an item. */
    public int countOf(int item) {
        for (int entry : entries) {
            if (entry >>> COUNT_BITS == item) {
                return entry & COUNT_MASK;
            }
        }
        return 0;
    }

    /** How many of all. */
    public int total() {
        int total = 0;
        for (int entry : entries) {
            total += entry & COUNT_MASK;
        }
        return total;
    }

    /** How many stacks they take. */
    public int stacks() {
        int stacks = 0;
        for (int entry : entries) {
            stacks += stacks(entry & COUNT_MASK);
        }
        return stacks;
    }

    private static int stacks(int count) {
        return (count + MAX_STACK - 1) / MAX_STACK;
    }

    /** Calls for each item, ascending. */
    public void forEach(Consumer consumer) {
        for (int entry : entries) {
            consumer.accept(entry >>> COUNT_BITS, entry & COUNT_MASK);
        }
    }

    /** Calls for each stack, ascending by item, those that are full first. */
    public void forEachStack(Consumer consumer) {
        for (int entry : entries) {
            for (int left = entry & COUNT_MASK; left > 0; left -= MAX_STACK) {
                consumer.accept(entry >>> COUNT_BITS, Math.min(left, MAX_STACK));
            }
        }
    }

    /** Whether all of some are among these. */
    public boolean covers(ItemCounts some) {
        for (int entry : some.entries) {
            if (countOf(entry >>> COUNT_BITS) < (entry & COUNT_MASK)) {
                return false;
            }
        }
        return true;
    }

    /** Whether some more fit, too. */
    public boolean hasRoomFor(ItemCounts more) {
        int stacks = stacks();
        for (int entry : more.entries) {
            int have = countOf(entry >>> COUNT_BITS);
            stacks += stacks(have + (entry & COUNT_MASK)) - stacks(have);
        }
        return stacks <= MAX_STACKS;
    }

    /**
     * These and some more.
     *
     * @throws IllegalArgumentException if there is no room for them
     */
    public ItemCounts plus(ItemCounts more) {
        if (!hasRoomFor(more)) {
            throw new IllegalArgumentException(
                    this + " and " + more + " are together more than " + MAX_STACKS + " stacks of " + MAX_STACK);
        }
        if (more.isEmpty()) {
            return this;
        }
        return merged(more, 1);
    }

    /**
     * These without some.
     *
     * @throws IllegalArgumentException if they are not among these
     */
    public ItemCounts minus(ItemCounts some) {
        if (!covers(some)) {
            throw new IllegalArgumentException(some + " are not among " + this);
        }
        if (some.isEmpty()) {
            return this;
        }
        return merged(some, -1);
    }

    private ItemCounts merged(ItemCounts other, int sign) {
        int[] result = new int[entries.length + other.entries.length];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < entries.length || j < other.entries.length) {
            int mine = i < entries.length ? entries[i] >>> COUNT_BITS : MAX_ITEM + 1;
            int others = j < other.entries.length ? other.entries[j] >>> COUNT_BITS : MAX_ITEM + 1;
            int item = Math.min(mine, others);
            int count = 0;
            if (mine == item) {
                count += entries[i++] & COUNT_MASK;
            }
            if (others == item) {
                count += sign * (other.entries[j++] & COUNT_MASK);
            }
            if (count > 0) {
                result[size++] = entry(item, count);
            }
        }
        return size == 0 ? NONE : new ItemCounts(Arrays.copyOf(result, size));
    }

    /** Appends them: a {@code varint} count, then of each, ascending, {@code u16} which item and {@code varint} how many. */
    public void write(WireWriter out) {
        out.varint(entries.length);
        for (int entry : entries) {
            out.u16(entry >>> COUNT_BITS).varint(entry & COUNT_MASK);
        }
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws WireFormatException if it is none
     */
    public static ItemCounts read(WireReader in) {
        int[] entries = new int[(int) in.varint("items", 0, MAX_STACKS)];
        int before = -1;
        for (int i = 0; i < entries.length; i++) {
            int item = in.u16("item");
            if (item <= before) {
                throw malformed("item " + item + " comes after " + before + ", expected ascending items");
            }
            before = item;
            entries[i] = entry(item, (int) in.varint("item count", 1, MAX_COUNT));
        }
        ItemCounts read = entries.length == 0 ? NONE : new ItemCounts(entries);
        if (read.stacks() > MAX_STACKS) {
            throw malformed("items take " + read.stacks() + " stacks, expected at most " + MAX_STACKS);
        }
        return read;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ItemCounts items && Arrays.equals(entries, items.entries);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(entries);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((item, count) ->
                text.append(text.isEmpty() ? "" : ",").append(item).append(':').append(count));
        return text.toString();
    }
}
