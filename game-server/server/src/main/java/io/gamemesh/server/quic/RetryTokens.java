package io.gamemesh.server.quic;

import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.quic.Quic;
import io.netty.incubator.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens of QUIC's Retry: a client gets nothing but one small packet until it has shown that it receives at the address
 * it claims. A token is the time, a MAC over time, address and connection id, and that connection id; the server keeps
 * nothing. Confined to one thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9000#section-8.1.2">RFC 9000, section 8.1.2</a>
 */
final class RetryTokens implements QuicTokenHandler {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 16;
    private static final int HEADER_BYTES = Long.BYTES + MAC_BYTES;

    private final Mac mac;
    private final InstantSource clock;
    private final long validMillis;

    /**
     * Tokens of one process.
     *
     * @param key drawn by each process for itself: a token only ever comes back to the socket that gave it out
     */
    RetryTokens(byte[] key, InstantSource clock, Duration valid) {
        this.clock = clock;
        this.validMillis = valid.toMillis();
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this Java runtime lacks " + ALGORITHM + ", which every one has to have", e);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress address) {
        long now = clock.millis();
        ByteBuffer id = connectionId.nioBuffer();
        out.writeLong(now);
        out.writeBytes(sign(now, address, id), 0, MAC_BYTES);
        out.writeBytes(id.rewind());
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        if (token.readableBytes() <= HEADER_BYTES || token.readableBytes() > maxTokenLength()) {
            return -1;
        }
        int start = token.readerIndex();
        long issued = token.getLong(start);
        long age = clock.millis() - issued;
        if (age < 0 || age > validMillis) {
            return -1;
        }
        byte[] claimed = new byte[MAC_BYTES];
        token.getBytes(start + Long.BYTES, claimed);
        ByteBuffer id = token.nioBuffer(start + HEADER_BYTES, token.readableBytes() - HEADER_BYTES);
        byte[] expected = new byte[MAC_BYTES];
        System.arraycopy(sign(issued, address, id), 0, expected, 0, MAC_BYTES);
        return MessageDigest.isEqual(expected, claimed) ? HEADER_BYTES : -1;
    }

    @Override
    public int maxTokenLength() {
        return HEADER_BYTES + Quic.MAX_CONN_ID_LEN;
    }

    private byte[] sign(long issued, InetSocketAddress address, ByteBuffer connectionId) {
        mac.update(ByteBuffer.allocate(Long.BYTES).putLong(issued).flip());
        mac.update(address.getAddress().getAddress());
        mac.update((byte) (address.getPort() >>> 8));
        mac.update((byte) address.getPort());
        mac.update(connectionId.duplicate());
        return mac.doFinal();
    }
}
