package io.gamemesh.fuzzing;

import io.gamemesh.protocol.sealed.Opening;
import io.gamemesh.protocol.sealed.PathMessage;
import io.gamemesh.protocol.sealed.SealedEnd;
import io.gamemesh.protocol.sealed.SealedPacket;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.ToClient.SealedKeys;
import io.gamemesh.protocol.wire.TrafficKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a server gets that has given a client its keys: packets of the client, changed, repeated and late ones, and those of
 * strangers. Only what the client has sealed opens, each once, to what it was. Each piece of an input is one packet: its
 * first byte says of what kind.
 */
final class SealedTarget implements Target<List<PathMessage>> {

    private static final int CONNECTION = 0x01020304;
    private static final long SECOND = 1_000_000_000;
    private static final int KINDS = 6;

    private static final int STRANGER = 0;
    private static final int GENUINE = 1;
    private static final int PATH = 2;
    private static final int CHANGED = 3;
    private static final int REPEATED = 4;
    private static final int REKEY = 5;

    @Override
    public String name() {
        return "sealed";
    }

    private static SealedKeys keys(int phase, int generation) {
        return new SealedKeys(CONNECTION, phase, key(generation * 2), key(generation * 2 + 1));
    }

    private static TrafficKey key(int seed) {
        ByteBuffer key = ByteBuffer.allocate(TrafficKey.KEY_BYTES).putInt(0, seed);
        ByteBuffer iv = ByteBuffer.allocate(TrafficKey.IV_BYTES).putInt(0, ~seed);
        return new TrafficKey(Bytes.copyOf(key.array()), Bytes.copyOf(iv.array()));
    }

    @Override
    public List<PathMessage> decode(byte[] input) {
        Exchange exchange = new Exchange();
        for (ByteBuffer piece : Pieces.split(input)) {
            exchange.take(Pieces.bytes(piece));
        }
        return exchange.messages;
    }

    private static final class Exchange {
        private final SealedEnd client = SealedEnd.ofClient(keys(0, 0));
        private final SealedEnd server = SealedEnd.ofServer(keys(0, 0));
        private final List<byte[]> sent = new ArrayList<>();
        private final Set<Bytes> opened = new HashSet<>();
        private final List<PathMessage> messages = new ArrayList<>();
        private int generation;
        private long now;

        void take(byte[] piece) {
            if (piece.length == 0) {
                return;
            }
            now += SECOND / 4;
            byte[] rest = Arrays.copyOfRange(piece, 1, piece.length);
            switch (Byte.toUnsignedInt(piece[0]) % KINDS) {
                case GENUINE -> open(seal(rest, false), rest);
                case PATH -> open(seal(rest, true), rest);
                case CHANGED -> requireDropped(changed(rest));
                case REPEATED -> repeat(rest);
                case REKEY -> rekey();
                default -> requireDropped(rest);
            }
        }

        private byte[] seal(byte[] payload, boolean path) {
            int length = Math.min(payload.length, SealedPacket.MAX_BYTES - SealedPacket.OVERHEAD);
            byte[] packet = new byte[length + SealedPacket.OVERHEAD];
            System.arraycopy(payload, 0, packet, SealedPacket.HEADER_BYTES, length);
            int sealed = client.seal(packet, length, path);
            byte[] bytes = Arrays.copyOf(packet, sealed);
            sent.add(bytes);
            return bytes;
        }

        private void open(byte[] packet, byte[] payload) {
            byte[] into = new byte[SealedPacket.MAX_BYTES];
            Opening opening = server.open(packet, packet.length, into, now);
            if (opening.dropped()) {
                throw new AssertionError("a genuine packet of " + packet.length + " bytes is " + opening);
            }
            opened.add(Bytes.copyOf(packet));
            int length = Math.min(payload.length, SealedPacket.MAX_BYTES - SealedPacket.OVERHEAD);
            if (server.length() != length || !Arrays.equals(into, 0, length, payload, 0, length)) {
                throw new AssertionError(
                        "a packet opens to " + server.length() + " bytes that are not what was sealed");
            }
            if (opening == Opening.PATH) {
                messages.add(PathMessage.read(ByteBuffer.wrap(into, 0, length)));
            }
        }

        /** One byte of a packet that was never opened: by its first byte which one, by its second how. */
        private byte[] changed(byte[] how) {
            byte[] packet = seal(how, false);
            sent.removeLast();
            int at = how.length > 0 ? Byte.toUnsignedInt(how[0]) % packet.length : 0;
            int by = how.length > 1 ? how[1] : 0;
            // Not to itself.
            packet[at] ^= (byte) (by == 0 ? 1 : by);
            return packet;
        }

        private void repeat(byte[] how) {
            if (!sent.isEmpty()) {
                int which = how.length > 0 ? Byte.toUnsignedInt(how[0]) % sent.size() : 0;
                requireDropped(sent.get(which));
            }
        }

        private void rekey() {
            if (server.confirmed()) {
                // Never the same keys again, with which a packet of long ago would be genuine.
                SealedKeys next = keys(1 - server.phase(), ++generation);
                server.rekey(next);
                client.rekey(next);
            }
        }

        private void requireDropped(byte[] packet) {
            byte[] into = new byte[SealedPacket.MAX_BYTES];
            Opening opening = server.open(packet, packet.length, into, now);
            if (!opening.dropped()) {
                throw new AssertionError("a packet of " + packet.length + " bytes is " + opening
                        + ", which the client has not sealed, or " + opened.contains(Bytes.copyOf(packet)));
            }
        }
    }

    @Override
    public void check(byte[] input, List<PathMessage> messages) {
        byte[] packet = new byte[SealedPacket.MAX_BYTES];
        for (PathMessage message : messages) {
            int length = message.write(packet);
            PathMessage again = PathMessage.read(ByteBuffer.wrap(packet, SealedPacket.HEADER_BYTES, length));
            if (!again.equals(message)) {
                throw new AssertionError(message + " is " + again + " when written and read");
            }
        }
    }

    @Override
    public long mostAllocated(int length) {
        // A piece of three bytes is a packet that is sealed and opened.
        return 64 * 1024 + 4096L * length;
    }

    @Override
    public List<byte[]> seeds() {
        byte[] probe = {PATH, 1, 1, 2, 3, 4, 5, 6, 7, 8};
        byte[] payload = {GENUINE, 1, 2, 3, 4};
        byte[] stranger = new byte[SealedPacket.OVERHEAD + 3];
        stranger[0] = STRANGER;
        stranger[1] = 8;
        return List.of(
                Pieces.join(List.of(probe, payload, new byte[] {REPEATED, 0}, new byte[] {CHANGED, 3, 1})),
                Pieces.join(
                        List.of(payload, new byte[] {REKEY}, payload, new byte[] {REPEATED, 1}, new byte[] {REKEY})),
                Pieces.join(List.of(stranger, probe, new byte[] {PATH, 2, 0, 0, 0, 0, 0, 0, 0, 1})));
    }
}
