package io.gamemesh.fuzzing;

import io.gamemesh.protocol.wire.MessageCodec;
import io.gamemesh.protocol.wire.MessageReader;
import io.gamemesh.protocol.wire.WireFormatException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A stream of messages, which has one notation for each, and says the same in whatever pieces it comes. */
final class StreamTarget<T> implements Target<StreamTarget.Heard<T>> {

    /**
     * What a stream said.
     *
     * @param messages until its end, or until one was refused
     * @param end why the next one was refused; empty if none was
     * @param whole true if nothing of another message is there
     */
    record Heard<T>(List<T> messages, String end, boolean whole) {}

    private final String name;
    private final MessageCodec<T> codec;
    private final List<byte[]> seeds = new ArrayList<>();

    StreamTarget(String name, MessageCodec<T> codec, List<? extends T> seeds) {
        this.name = name;
        this.codec = codec;
        for (T seed : seeds) {
            this.seeds.add(codec.frame(seed).toArray());
        }
        this.seeds.add(framed(List.copyOf(seeds.subList(0, Math.min(seeds.size(), 8)))));
    }

    private byte[] framed(List<T> messages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        messages.forEach(message -> bytes.writeBytes(codec.frame(message).toArray()));
        return bytes.toByteArray();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Heard<T> decode(byte[] input) {
        return read(input, input.length);
    }

    private Heard<T> read(byte[] input, int pieceLength) {
        MessageReader<T> reader = new MessageReader<>(codec);
        List<T> messages = new ArrayList<>();
        try {
            for (int at = 0; at < input.length; at += pieceLength) {
                reader.read(ByteBuffer.wrap(input, at, Math.min(pieceLength, input.length - at)), messages::add);
            }
            return new Heard<>(messages, "", reader.atBoundary());
        } catch (WireFormatException e) {
            return new Heard<>(messages, String.valueOf(e.getMessage()), false);
        }
    }

    @Override
    public void check(byte[] input, Heard<T> heard) {
        byte[] again = framed(heard.messages());
        int expected = heard.whole() ? input.length : again.length;
        if (again.length != expected || !Arrays.equals(again, 0, again.length, input, 0, again.length)) {
            throw new AssertionError(name + " reads " + heard.messages() + ", which are other bytes when written");
        }
        Heard<T> inPieces = read(input, 1 + (input.length & 7));
        if (!inPieces.equals(heard)) {
            throw new AssertionError(name + " reads " + heard + ", but in pieces " + inPieces);
        }
    }

    @Override
    public long mostAllocated(int length) {
        return 4096 + 256L * length;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }
}
