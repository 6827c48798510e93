package io.gamemesh.server.quic;

import io.gamemesh.protocol.terrain.SectionForm;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.MessageCodec;
import io.gamemesh.protocol.wire.MessageReader;
import io.gamemesh.protocol.wire.Silence;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClientCodec;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.ToServerCodec;
import io.gamemesh.protocol.wire.Wire;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.protocol.wire.WireWriter;
import io.gamemesh.server.ServerConfig;
import io.gamemesh.server.metrics.MessageKind;
import io.gamemesh.server.metrics.PlayerTraffic;
import io.gamemesh.server.metrics.ServerMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicDatagramExtensionEvent;
import io.netty.incubator.codec.quic.QuicException;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamPriority;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A QUIC connection and its two streams: the control stream, which the client opens, and the terrain stream, which the
 * server does. Keeps the limits of one client; a client that breaks one is closed, and nobody else is touched.
 */
final class PlayerChannel extends ChannelInboundHandlerAdapter implements Connection, SealedConnection.Owner {
    private static final Logger LOG = Logger.getLogger(PlayerChannel.class);
    /** What a write takes that waits, beside its bytes: many small answers that nobody reads are not to be had for nothing. */
    private static final int WRITE_BYTES = 256;
    /** How long a client that was told to leave may take to close the connection itself. */
    private static final int LINGER_MILLIS = 250;

    private static final Duration LEAST_SILENCE = Duration.ofMillis(100);
    /** How often within the time that a client may be silent it is looked whether it has been. */
    private static final int LOOKS_FOR_SILENCE = 4;

    private static final MessageCodec<ToClient.Control> CONTROL = ToClientCodec.control();

    private final QuicChannel channel;
    private final AddressGate.Guarded guarded;
    private final SealedPackets packets;
    private final TerrainFrames terrainFrames;
    private final ServerConfig.Limits limits;
    private final ServerMetrics metrics;
    private final Listener listener;
    private final Runnable greeted;
    private final RateLimit messages;
    private final PlayerTraffic traffic;
    private final MessageReader<ToServer> reader = new MessageReader<>(new Counted());
    private final Future<?> helloDeadline;
    private final Silence silence;
    private @Nullable Future<?> watch;
    private final Outgoing control = new Outgoing();
    private final Outgoing terrain = new Outgoing();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private boolean terrainWanted;
    private boolean heard;
    private boolean closing;
    private boolean over;
    private @Nullable Future<?> linger;
    private @Nullable SealedConnection sealed;
    private boolean unflushed;
    private int datagramsWaiting;
    private long backlog;

    /**
     * Of a new connection.
     *
     * @param guarded lets through what comes from where the client has shown to be
     * @param greeted run once: when the first message has come, or the connection ends without one
     */
    PlayerChannel(
            QuicChannel channel,
            AddressGate.Guarded guarded,
            SealedPackets packets,
            TerrainFrames terrainFrames,
            ServerConfig.Limits limits,
            ServerMetrics metrics,
            Function<Connection, Listener> sessions,
            Runnable greeted) {
        this.channel = channel;
        this.guarded = guarded;
        this.packets = packets;
        this.terrainFrames = terrainFrames;
        this.limits = limits;
        this.metrics = metrics;
        this.greeted = greeted;
        this.traffic = new PlayerTraffic(metrics, System.nanoTime());
        this.messages = new RateLimit(limits.inputsPerSecond(), System.nanoTime());
        this.helloDeadline = channel.eventLoop()
                .schedule(this::helloOverdue, limits.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        long mostNanos = Math.max(LEAST_SILENCE.toNanos(), limits.idleTimeout().toNanos());
        long lookNanos = mostNanos / LOOKS_FOR_SILENCE;
        this.silence = new Silence(mostNanos, lookNanos, System.nanoTime());
        this.listener = sessions.apply(this);
        channel.closeFuture().addListener(future -> closed());
        this.watch = channel.eventLoop()
                .scheduleWithFixedDelay(this::refuseIfSilent, lookNanos, lookNanos, TimeUnit.NANOSECONDS);
    }

    private void helloOverdue() {
        if (!heard) {
            refuse(
                    CloseCode.HANDSHAKE_TIMEOUT,
                    "no Hello within " + limits.handshakeTimeout().toMillis() + " ms of the first packet");
        }
    }

    private void refuseIfSilent() {
        if (silence.isTooLong(System.nanoTime())) {
            refuse(
                    CloseCode.TOO_SLOW,
                    "nothing from the client for " + limits.idleTimeout().toMillis() + " ms, expected its inputs");
        }
    }

    /** The listener hears of the end when it is decided, and not again when the connection is gone. */
    private void over() {
        if (over) {
            return;
        }
        over = true;
        closing = true;
        helloDeadline.cancel(false);
        if (watch != null) {
            watch.cancel(false);
        }
        control.discard();
        terrain.discard();
        if (sealed != null) {
            sealed.close();
        }
        listener.closed();
    }

    private void closed() {
        if (linger != null) {
            linger.cancel(false);
        }
        if (!heard) {
            greeted.run();
        }
        over();
        gone.complete(null);
    }

    // What comes in.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf datagram)) {
            // A new stream, which the channel itself registers.
            ctx.fireChannelRead(message);
            return;
        }
        try {
            if (!closing) {
                counted();
                traffic.received(MessageKind.INPUT, datagram.readableBytes());
                if (sealed != null) {
                    sealed.datagramOverQuic();
                }
                listener.datagram(datagram.nioBuffer());
            }
        } catch (WireFormatException e) {
            broken(e);
        } finally {
            datagram.release();
        }
    }

    @Override
    public void sealedDatagram(ByteBuffer datagram) {
        counted();
        traffic.received(MessageKind.INPUT, datagram.remaining());
        listener.datagram(datagram);
    }

    @Override
    public void pathMessage() {
        counted();
    }

    @Override
    public void moved(InetSocketAddress to) {
        guarded.moved(to);
    }

    @Override
    public void broken(WireFormatException how) {
        metrics.dropped(1);
        refuse(how.code(), String.valueOf(how.getMessage()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicDatagramExtensionEvent extension && extension.maxLength() < Wire.MAX_DATAGRAM) {
            refuse(
                    CloseCode.UNEXPECTED,
                    "max_datagram_frame_size allows payloads of " + extension.maxLength() + " bytes, expected at least "
                            + Wire.MAX_DATAGRAM);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Takes the stream that the client has opened; only one may be. */
    void opened(QuicStreamChannel stream) {
        if (stream.type() != QuicStreamType.BIDIRECTIONAL || control.isOpen()) {
            refuse(CloseCode.UNEXPECTED, "stream " + stream.streamId() + " opened, expected only the control stream 0");
            return;
        }
        control.open(stream);
        // Before the terrain stream, which has QUIC's usual 127: what ends the game does not wait for scenery.
        Future<Void> _ = stream.updatePriority(new QuicStreamPriority(0, true));
        stream.pipeline().addLast(new ControlStream());
    }

    private final class ControlStream extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                if (!closing) {
                    reader.read(bytes.nioBuffer(), PlayerChannel.this::message);
                }
            } catch (WireFormatException e) {
                refuse(e.code(), String.valueOf(e.getMessage()));
            } finally {
                bytes.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                streamEnded();
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            streamEnded();
        }

        private void streamEnded() {
            if (!closing) {
                refuse(CloseCode.UNEXPECTED, "the control stream ended, expected it to last as long as the connection");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failed(cause);
        }
    }

    /** Sees how long each message was. */
    private final class Counted implements MessageCodec<ToServer> {
        private final ToServerCodec codec = new ToServerCodec();

        @Override
        public int maxLength() {
            return codec.maxLength();
        }

        @Override
        public void write(WireWriter out, ToServer message) {
            codec.write(out, message);
        }

        @Override
        public ToServer read(ByteBuffer message) {
            int bytes = message.remaining();
            ToServer read = codec.read(message);
            traffic.received(read instanceof ToServer.Edit ? MessageKind.EDIT : MessageKind.CONTROL, bytes);
            return read;
        }
    }

    private void message(ToServer message) {
        if (closing) {
            return;
        }
        if (!heard) {
            heard = true;
            greeted.run();
        }
        counted();
        if (sealed != null) {
            sealed.heardOverQuic();
        }
        listener.message(message);
    }

    private void counted() {
        long now = System.nanoTime();
        silence.heard(now);
        if (!messages.tryTake(now)) {
            throw new WireFormatException(
                    CloseCode.RATE_LIMITED,
                    "more than " + limits.inputsPerSecond() + " messages and datagrams a second");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(cause);
    }

    private void failed(Throwable cause) {
        if (closing || !channel.isActive()) {
            LOG.debugf(cause, "Connection of %s failed while it was closing", remote());
            return;
        }
        if (cause instanceof UnsupportedOperationException) {
            refuse(CloseCode.UNEXPECTED, "no QUIC datagrams (RFC 9221) offered, expected max_datagram_frame_size");
        } else if (cause instanceof QuicException) {
            refuse(
                    CloseCode.UNEXPECTED,
                    "the control stream was reset, expected it to stay open: " + cause.getMessage());
        } else {
            LOG.errorf(cause, "Connection of %s failed", remote());
            refuse(CloseCode.INTERNAL_ERROR, "the server failed, connect again");
        }
    }

    // What goes out.

    /**
     * One of the two streams. Messages are gathered until they are flushed: a write goes into packets of its own at once,
     * and most messages are far smaller than a packet. Those that come before the stream is open wait for it.
     */
    private final class Outgoing {
        private @Nullable QuicStreamChannel stream;
        private @Nullable ByteBuf gathered;

        boolean isOpen() {
            return stream != null;
        }

        void open(QuicStreamChannel opened) {
            stream = opened;
        }

        void add(Bytes frame) {
            added(frame.length());
            if (closing) {
                return;
            }
            if (gathered == null) {
                gathered = channel.alloc().directBuffer(frame.length());
            }
            gathered.writeBytes(frame.asReadOnlyBuffer());
        }

        void flush() {
            QuicStreamChannel opened = stream;
            if (opened == null || gathered == null) {
                return;
            }
            added(WRITE_BYTES);
            ByteBuf bytes = gathered;
            if (bytes == null) {
                return;
            }
            gathered = null;
            int cost = bytes.readableBytes() + WRITE_BYTES;
            opened.writeAndFlush(bytes).addListener(written -> backlog -= cost);
        }

        void discard() {
            if (gathered != null) {
                gathered.release();
                gathered = null;
            }
        }
    }

    @Override
    public void send(ToClient.Control message) {
        if (!closing && control.isOpen()) {
            Bytes frame = CONTROL.frame(message);
            traffic.sent(
                    message instanceof ToClient.EditResult ? MessageKind.EDIT : MessageKind.CONTROL, frame.length());
            control.add(frame);
        }
    }

    @Override
    public void send(ToClient.Terrain message) {
        if (closing) {
            return;
        }
        Bytes frame = terrainFrames.of(message);
        traffic.sent(kind(message), frame.length());
        terrain.add(frame);
        if (!terrainWanted && !closing) {
            terrainWanted = true;
            channel.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter())
                    .addListener((Future<QuicStreamChannel> created) -> terrainOpened(created));
        }
    }

    private static MessageKind kind(ToClient.Terrain message) {
        return switch (message) {
            case ToClient.Section section
            when SectionForm.of(section.blocks()) == SectionForm.CHANGES -> MessageKind.SECTION_EDITS;
            case ToClient.Section section -> MessageKind.TERRAIN;
            case ToClient.Untouched untouched -> MessageKind.TERRAIN;
            case ToClient.SectionForget forget -> MessageKind.TERRAIN;
            case ToClient.BlocksChanged changed -> MessageKind.EDIT;
        };
    }

    private void terrainOpened(Future<QuicStreamChannel> created) {
        if (!created.isSuccess()) {
            refuse(CloseCode.UNEXPECTED, "no unidirectional stream allowed to the server, expected at least 1");
            return;
        }
        // Usually within `send`, before the welcome was flushed: the next flush, a tick later at most, takes all in
        // order.
        terrain.open(created.getNow());
    }

    private void added(int bytes) {
        backlog += bytes;
        if (backlog > limits.reliableBacklogBytes()) {
            refuse(
                    CloseCode.TOO_SLOW,
                    backlog + " bytes wait to be read by the client, expected at most "
                            + limits.reliableBacklogBytes());
        }
    }

    @Override
    public void offerSealed() {
        if (sealed == null && !closing) {
            SealedConnection opened = packets.open(guarded.address(), this);
            if (closing) {
                // The keys were one message too many for a client that does not read.
                opened.close();
            } else {
                sealed = opened;
            }
        }
    }

    @Override
    public void hand(ToClient.SealedKeys keys) {
        send(keys);
        control.flush();
    }

    @Override
    public void sendDatagram(ByteBuffer datagram) {
        if (closing) {
            return;
        }
        int bytes = datagram.remaining();
        if (sealed != null && sealed.send(datagram)) {
            traffic.sent(MessageKind.SNAPSHOT, bytes);
            return;
        }
        if (!channel.isActive()) {
            return;
        }
        if (datagramsWaiting >= limits.datagramQueue()) {
            metrics.dropped(1);
            return;
        }
        traffic.sent(MessageKind.SNAPSHOT, bytes);
        datagramsWaiting++;
        unflushed = true;
        ByteBuf copy = channel.alloc().directBuffer(bytes).writeBytes(datagram);
        channel.write(copy).addListener(sent -> {
            datagramsWaiting--;
            if (!sent.isSuccess()) {
                metrics.dropped(1);
            }
        });
    }

    @Override
    public void flush() {
        if (closing) {
            return;
        }
        traffic.passed(System.nanoTime());
        control.flush();
        terrain.flush();
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    @Override
    public PlayerTraffic traffic() {
        return traffic;
    }

    @Override
    public long backlog() {
        return backlog;
    }

    // How it ends.

    @Override
    public void refuse(CloseCode code, String reason) {
        if (!closing) {
            metrics.refused(code.name().toLowerCase(Locale.ROOT));
            LOG.debugf("Refused %s: %s, %s", remote(), code, reason);
            close(code, reason);
        }
    }

    @Override
    public void close(CloseCode code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        byte[] phrase = cut(reason);
        QuicStreamChannel stream = control.stream;
        if (stream == null || !stream.isActive()) {
            closeChannel(code, phrase);
            return;
        }
        control.flush();
        ChannelFuture _ = stream.writeAndFlush(Unpooled.wrappedBuffer(
                CONTROL.frame(new ToClient.Disconnect(code, new String(phrase, StandardCharsets.UTF_8)))
                        .asReadOnlyBuffer()));
        // quiche holds CONNECTION_CLOSE back while the congestion window is full, and netty tries once and then forgets
        // the connection. The message is sent again until it is acknowledged, for as long as the connection lasts.
        linger = channel.eventLoop().schedule(() -> closeChannel(code, phrase), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        over();
    }

    private void closeChannel(CloseCode code, byte[] phrase) {
        ChannelFuture _ = channel.close(true, code.code(), Unpooled.wrappedBuffer(phrase));
    }

    @Override
    public CompletableFuture<Void> gone() {
        return gone.copy();
    }

    /** Reasons may name what a stranger sent, so they are cut to what the wire allows, between characters. */
    private static byte[] cut(String reason) {
        String kept = reason;
        while (ByteBufUtil.utf8Bytes(kept) > Wire.MAX_REASON) {
            kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
        }
        return kept.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String remote() {
        return String.valueOf(channel.remoteSocketAddress());
    }
}
