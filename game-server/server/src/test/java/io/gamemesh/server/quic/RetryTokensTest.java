package io.gamemesh.server.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryTokensTest {
    private static final int HEADER_BYTES = 24;

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final RetryTokens tokens = tokens((byte) 1);
    private final InetSocketAddress client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000);
    private final ByteBuf connectionId = Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

    private RetryTokens tokens(byte key) {
        byte[] bytes = new byte[32];
        bytes[0] = key;
        return new RetryTokens(bytes, () -> Instant.ofEpochMilli(now.get()), Duration.ofSeconds(10));
    }

    private ByteBuf token() {
        ByteBuf out = Unpooled.buffer();
        tokens.writeToken(out, connectionId, client);
        return out;
    }

    @Test
    void takesItsOwnTokenAndFindsTheConnectionIdBehindIt() {
        ByteBuf token = token();

        int offset = tokens.validateToken(token, client);

        assertThat(offset).isEqualTo(HEADER_BYTES);
        assertThat(token.slice(offset, token.readableBytes() - offset)).isEqualTo(connectionId);
    }

    @Test
    void refusesATokenFromAnotherAddress() {
        InetSocketAddress other = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4001);

        assertThat(tokens.validateToken(token(), other)).isEqualTo(-1);
    }

    @Test
    void refusesATokenThatIsTooOld() {
        ByteBuf token = token();
        now.addAndGet(10_001);

        assertThat(tokens.validateToken(token, client)).isEqualTo(-1);
    }

    @Test
    void refusesATokenOfAnotherProcess() {
        assertThat(tokens((byte) 2).validateToken(token(), client)).isEqualTo(-1);
    }

    @Test
    void refusesATokenWithAnyBitChanged() {
        ByteBuf token = token();
        for (int bit = 0; bit < token.readableBytes() * 8; bit++) {
            ByteBuf changed = token.copy();
            changed.setByte(bit / 8, changed.getByte(bit / 8) ^ 1 << bit % 8);

            assertThat(tokens.validateToken(changed, client)).as("bit %d", bit).isEqualTo(-1);
        }
    }

    @Test
    void refusesWhatIsTooShortOrTooLongToBeAToken() {
        assertThat(tokens.validateToken(Unpooled.EMPTY_BUFFER, client)).isEqualTo(-1);
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(new byte[HEADER_BYTES]), client))
                .isEqualTo(-1);
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(new byte[500]), client))
                .isEqualTo(-1);
    }
}
