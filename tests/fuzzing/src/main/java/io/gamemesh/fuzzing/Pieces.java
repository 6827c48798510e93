package io.gamemesh.fuzzing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Several inputs in one: before each a {@code u16} with its length, of which what is more than there is counts modulo. */
final class Pieces {

    private Pieces() {}

    static byte[] join(List<byte[]> pieces) {
        int length =
                pieces.stream().mapToInt(piece -> Short.BYTES + piece.length).sum();
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] piece : pieces) {
            joined.putShort((short) piece.length).put(piece);
        }
        return joined.array();
    }

    static List<ByteBuffer> split(byte[] joined) {
        ByteBuffer rest = ByteBuffer.wrap(joined);
        List<ByteBuffer> pieces = new ArrayList<>();
        while (rest.remaining() >= Short.BYTES) {
            int length = Short.toUnsignedInt(rest.getShort()) % (rest.remaining() + 1);
            pieces.add(rest.slice(rest.position(), length));
            rest.position(rest.position() + length);
        }
        return pieces;
    }

    static byte[] bytes(ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(piece.position(), bytes);
        return bytes;
    }
}
