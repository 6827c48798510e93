package io.gamemesh.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Both directions of one part of the wire format; larger ones are composed from smaller ones.
 *
 * @param <T> what is written and read
 */
interface Codec<T> {

    void write(WireWriter out, T value);

    /**
     * Reads one value.
     *
     * @throws WireFormatException if the bytes are not what {@link #write} could have written
     */
    T read(WireReader in);

    static <T> Codec<T> of(BiConsumer<WireWriter, T> write, Function<WireReader, T> read) {
        return new Codec<>() {
            @Override
            public void write(WireWriter out, T value) {
                write.accept(out, value);
            }

            @Override
            public T read(WireReader in) {
                return read.apply(in);
            }
        };
    }

    /** A flag, then the value if there is one. */
    default Codec<Optional<T>> optional(String field) {
        return of(
                (out, value) -> {
                    out.bool(value.isPresent());
                    value.ifPresent(present -> write(out, present));
                },
                in -> in.bool(field + " flag") ? Optional.of(read(in)) : Optional.empty());
    }

    /** A variable-length count, then as many values, {@code min} to {@code max} of them. */
    default Codec<List<T>> list(String field, int min, int max) {
        return of(
                (out, values) -> {
                    allowed(field + " count", values.size(), min, max);
                    out.varint(values.size());
                    values.forEach(value -> write(out, value));
                },
                in -> {
                    int count = (int) in.varint(field + " count", min, max);
                    // Not sized by the count: the values may not be there.
                    List<T> values = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        values.add(read(in));
                    }
                    return List.copyOf(values);
                });
    }

    static Codec<String> string(String field, int min, int max) {
        return of(
                (out, value) -> {
                    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
                    allowed(field + " length", encoded.length, min, max);
                    out.bytes(Bytes.owning(encoded));
                },
                in -> in.string(field, min, max));
    }

    static Codec<Bytes> bytes(String field, int min, int max) {
        return of(
                (out, value) -> {
                    allowed(field + " length", value.length(), min, max);
                    out.bytes(value);
                },
                in -> in.bytes(field, min, max));
    }

    static Codec<Long> varint(String field, long min, long max) {
        return of(
                (out, value) -> {
                    allowed(field, value, min, max);
                    out.varint(value);
                },
                in -> in.varint(field, min, max));
    }

    /** One byte that stands for a constant: its place in the list. */
    static <E extends Enum<E>> Codec<E> constant(String field, List<E> constants) {
        return of(
                (out, value) -> out.u8(constants.indexOf(value)),
                in -> constants.get((int) WireReader.bounded(field, in.u8(field), 0, constants.size() - 1)));
    }

    private static void allowed(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + value + ", expected " + min + " to " + max);
        }
    }
}
