package io.gamemesh.client;

import io.gamemesh.client.LinkEnd.By;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.MessageCodec;
import io.gamemesh.protocol.wire.MessageReader;
import io.gamemesh.protocol.wire.Silence;
import io.gamemesh.protocol.wire.ToClient;
import io.gamemesh.protocol.wire.ToClientCodec;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.ToServerCodec;
import io.gamemesh.protocol.wire.WireFormatException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one server, from the first packet to the last. Confined to its event loop, on which all events
 * come; {@link Events#ended} comes exactly once, last.
 */
final class Link {

    /** What a connection brings. */
    interface Events {

        void control(Link link, ToClient.Control message);

        void terrain(Link link, ToClient.Terrain message);

        /** A datagram, to be read before returning. */
        void datagram(Link link, ByteBuffer payload);

        void ended(Link link, LinkEnd end);
    }

    private static final MessageCodec<ToServer> TO_SERVER = new ToServerCodec();
    private static final MessageCodec<ToClient.Control> CONTROL = ToClientCodec.control();
    private static final MessageCodec<ToClient.Terrain> TERRAIN = ToClientCodec.terrain();

    /** For the goodbye and its answer, sent again if need be. */
    private static final int LEAVE_MILLIS = 5000;

    /** From one look whether the server is silent to the next. */
    private static final long WATCH_MILLIS = 1000;

    private final ServerAddress address;
    private final ClientTransport transport;
    private final Channel socket;
    private final Events events;
    private final Traffic traffic;

    private @Nullable QuicChannel connection;
    private @Nullable QuicStreamChannel controlStream;
    private @Nullable InetSocketAddress remote;
    private @Nullable SealedLink sealed;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ScheduledFuture<?> watch;
    private Silence silence = silence();
    private boolean terrainOpen;
    private boolean ended;
    private @Nullable LinkEnd end;
    private long wireReceived;
    private long wireSent;

    private Link(ServerAddress address, ClientTransport transport, Channel socket, Events events, Traffic traffic) {
        this.address = address;
        this.transport = transport;
        this.socket = socket;
        this.events = events;
        this.traffic = traffic;
    }

    /**
     * Starts to connect, and says hello once connected. Ends with {@link By#SILENCE} unless {@link #established()} is
     * called within the timeout.
     */
    static Link open(
            ServerAddress address,
            ToServer.Hello hello,
            Duration timeout,
            ClientTransport transport,
            Channel socket,
            Events events,
            Traffic traffic) {
        Link link = new Link(address, transport, socket, events, traffic);
        link.deadline = link.loop()
                .schedule(
                        () -> link.finish(new LinkEnd(
                                By.SILENCE, Optional.empty(), "no answer from " + address + " within " + timeout)),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        // Name resolution blocks, which an event loop must not.
        Thread.ofVirtual().name("gamemesh-resolve").start(() -> {
            Optional<InetSocketAddress> resolved = resolve(address);
            if (!link.loop().isShuttingDown()) {
                link.loop().execute(() -> link.connect(resolved, hello));
            }
        });
        return link;
    }

    /** Any of a host's addresses: a name may stand for all servers of a mesh, and one of them may be gone. */
    private static Optional<InetSocketAddress> resolve(ServerAddress address) {
        try {
            InetAddress[] all = InetAddress.getAllByName(address.host());
            InetAddress any = all[ThreadLocalRandom.current().nextInt(all.length)];
            return Optional.of(new InetSocketAddress(any, address.port()));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    ServerAddress address() {
        return address;
    }

    /** The server has let the player in: from now on it may be silent for {@link ClientTransport#IDLE_TIMEOUT}. */
    void established() {
        cancelDeadline();
        silence = silence();
        watch = loop().scheduleWithFixedDelay(this::endIfSilent, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static Silence silence() {
        return new Silence(
                ClientTransport.IDLE_TIMEOUT.toNanos(), TimeUnit.MILLISECONDS.toNanos(WATCH_MILLIS), System.nanoTime());
    }

    /** True if nothing has come from the server for so long. */
    boolean isSilentFor(long nanos) {
        return silence.lastsNanos(System.nanoTime()) > nanos;
    }

    private void endIfSilent() {
        if (silence.isTooLong(System.nanoTime())) {
            finish(silent());
        }
    }

    private LinkEnd silent() {
        return new LinkEnd(
                By.SILENCE,
                Optional.empty(),
                "nothing from " + address + " for " + ClientTransport.IDLE_TIMEOUT.toSeconds() + " s");
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** Sends on the control stream; in vain if the connection has ended. */
    void send(ToServer message) {
        QuicStreamChannel stream = controlStream;
        if (stream != null && !ended) {
            Bytes frame = TO_SERVER.frame(message);
            traffic.controlSent += frame.length();
            stream.writeAndFlush(Unpooled.wrappedBuffer(frame.asReadOnlyBuffer()))
                    .addListener(this::sent);
        }
    }

    /** Sends a datagram, sealed where that gets through; in vain if the connection has ended. */
    void sendDatagram(ByteBuffer payload) {
        QuicChannel quic = connection;
        if (quic != null && !ended) {
            traffic.datagramSent += payload.remaining();
            if (sealed != null && sealed.send(payload)) {
                return;
            }
            ByteBuf buffer = quic.alloc().directBuffer(payload.remaining()).writeBytes(payload);
            quic.writeAndFlush(buffer).addListener(this::sent);
        }
    }

    /** To be asked every tick. True if something shall be asked on the control stream, for want of anything sealed. */
    boolean asksOverQuic() {
        return sealed != null && !ended && sealed.asksOverQuic();
    }

    /** The player has come back to this server: whether sealed packets get through is found out anew, as none were sent. */
    void resumes() {
        silence = silence();
        if (sealed != null) {
            sealed.resumes();
        }
    }

    /** The server has shown that it got an input that it had not shown before. */
    void inputTaken(long nowNanos) {
        if (sealed != null) {
            sealed.inputTaken(nowNanos);
        }
    }

    private void sent(Future<? super Void> written) {
        if (!written.isSuccess()) {
            // The end of the connection is reported by its own event.
            traffic.unsent++;
        }
    }

    /** Ends the connection with a code and a reason. */
    void close(CloseCode code, String reason) {
        finish(new LinkEnd(By.US, Optional.of(code), reason));
    }

    /** Ends the connection to a server that answers and does not do what it is there for. */
    void fail(String reason) {
        finish(new LinkEnd(By.SILENCE, Optional.empty(), reason));
    }

    /**
     * Says goodbye, and waits until the server has heard it or {@link #LEAVE_MILLIS} have passed: what is sent right
     * before a connection is closed is not sent again when it is lost. Who has not said hello yet just goes.
     */
    void leave() {
        if (controlStream == null) {
            close(CloseCode.NO_ERROR, "leaves");
            return;
        }
        cancelDeadline();
        send(new ToServer.Goodbye());
        deadline = loop().schedule(
                        () -> close(CloseCode.NO_ERROR, "left without an answer"), LEAVE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The server has said why it ends the connection. It waits for the client to close it, so that it is heard. */
    void dismissed(Optional<CloseCode> code, String reason) {
        finish(new LinkEnd(By.SERVER, code, reason));
    }

    /** Adds what QUIC itself has sent and received since the last call to the traffic. */
    void measure() {
        if (connection != null && !ended) {
            connection.collectStats().addListener((Future<QuicConnectionStats> stats) -> {
                if (stats.isSuccess()) {
                    traffic.wireReceived += stats.getNow().recvBytes() - wireReceived;
                    traffic.wireSent += stats.getNow().sentBytes() - wireSent;
                    wireReceived = stats.getNow().recvBytes();
                    wireSent = stats.getNow().sentBytes();
                }
            });
        }
    }

    private EventLoop loop() {
        return socket.eventLoop();
    }

    private void connect(Optional<InetSocketAddress> resolved, ToServer.Hello hello) {
        if (ended) {
            return;
        }
        if (resolved.isEmpty()) {
            finish(new LinkEnd(By.SILENCE, Optional.empty(), "there is no host named " + address.host() + " now"));
            return;
        }
        InetSocketAddress server = resolved.get();
        remote = server;
        SenderGate gate = socket.pipeline().get(SenderGate.class);
        gate.add(server);
        QuicChannel.newBootstrap(socket)
                .handler(new ConnectionHandler())
                .streamHandler(new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel stream) {
                        acceptStream(stream);
                    }
                })
                .remoteAddress(server)
                .connect()
                .addListener((Future<QuicChannel> connected) -> {
                    if (connected.isSuccess()) {
                        connected.getNow().closeFuture().addListener(_ -> gate.remove(server));
                        openControlStream(connected.getNow(), hello);
                    } else {
                        gate.remove(server);
                        finish(endOf(connected.cause()));
                    }
                });
    }

    private LinkEnd endOf(Throwable cause) {
        LinkEnd known = end;
        if (known != null) {
            return known;
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException || each instanceof java.security.GeneralSecurityException) {
                return new LinkEnd(
                        By.DISTRUST, Optional.empty(), address + " is not to be trusted: " + transport.latestRefusal());
            }
        }
        String reason = cause instanceof ClosedChannelException
                ? "no answer from " + address
                : "the connection to " + address + " failed: " + cause;
        return new LinkEnd(By.SILENCE, Optional.empty(), reason);
    }

    private void openControlStream(QuicChannel quic, ToServer.Hello hello) {
        connection = quic;
        if (ended) {
            closeChannel(quic, CloseCode.NO_ERROR, "too late");
            return;
        }
        quic.createStream(QuicStreamType.BIDIRECTIONAL, new MessageHandler<>(CONTROL, this::controlMessage) {
                    @Override
                    void count(int bytes) {
                        traffic.controlReceived += bytes;
                    }
                })
                .addListener((Future<QuicStreamChannel> stream) -> {
                    if (stream.isSuccess()) {
                        controlStream = stream.getNow();
                        send(hello);
                    } else {
                        finish(endOf(stream.cause()));
                    }
                });
    }

    private void acceptStream(QuicStreamChannel stream) {
        if (stream.type() != QuicStreamType.UNIDIRECTIONAL || terrainOpen) {
            refuse(CloseCode.UNEXPECTED, "a second stream from the server, expected one for terrain");
            return;
        }
        terrainOpen = true;
        stream.pipeline().addLast(new MessageHandler<>(TERRAIN, this::terrainMessage) {
            @Override
            void count(int bytes) {
                traffic.terrainReceived += bytes;
            }
        });
    }

    private void controlMessage(ToClient.Control message) {
        if (ended) {
            return;
        }
        if (message instanceof ToClient.SealedKeys keys) {
            sealedKeys(keys);
        } else {
            events.control(this, message);
        }
    }

    private void sealedKeys(ToClient.SealedKeys keys) {
        InetSocketAddress server = remote;
        if (sealed != null) {
            sealed.rekey(keys);
        } else if (server != null) {
            SealedPackets packets = packets();
            SealedLink made = new SealedLink(keys, packets, server, traffic, new SealedOwner());
            if (packets.add(made)) {
                sealed = made;
            }
        }
    }

    private SealedPackets packets() {
        return socket.pipeline().get(SealedPackets.class);
    }

    private void terrainMessage(ToClient.Terrain message) {
        if (!ended) {
            events.terrain(this, message);
        }
    }

    /** The server has sent what it may not send, as has turned out later. */
    void broken(WireFormatException how) {
        refuse(how.code(), String.valueOf(how.getMessage()));
    }

    private void refuse(CloseCode code, String reason) {
        traffic.malformed++;
        QuicChannel quic = connection;
        if (quic != null) {
            closeChannel(quic, code, reason);
        }
        finish(new LinkEnd(By.SILENCE, Optional.empty(), address + " broke the protocol: " + reason));
    }

    private void finish(LinkEnd how) {
        if (ended) {
            return;
        }
        measure();
        ended = true;
        cancelDeadline();
        if (watch != null) {
            watch.cancel(false);
        }
        if (sealed != null) {
            packets().remove(sealed);
        }
        QuicChannel quic = connection;
        if (quic != null && quic.isActive()) {
            closeChannel(
                    quic, how.by() == By.US ? how.code().orElse(CloseCode.NO_ERROR) : CloseCode.NO_ERROR, how.reason());
        }
        events.ended(this, how);
    }

    private static void closeChannel(QuicChannel quic, CloseCode code, String reason) {
        var _ = quic.close(true, code.code(), Unpooled.copiedBuffer(reason, StandardCharsets.UTF_8));
    }

    private void heardOverQuic(boolean datagram) {
        long now = System.nanoTime();
        silence.heard(now);
        if (sealed != null) {
            sealed.heardOverQuic(datagram, now);
        }
    }

    private void datagram(ByteBuffer payload) {
        traffic.datagramReceived += payload.remaining();
        if (!ended) {
            events.datagram(this, payload);
        }
    }

    private final class SealedOwner implements SealedLink.Owner {

        @Override
        public void datagram(ByteBuffer payload) {
            Link.this.datagram(payload);
        }

        @Override
        public void heard(long nowNanos) {
            silence.heard(nowNanos);
        }

        @Override
        public void broken(WireFormatException how) {
            refuse(how.code(), String.valueOf(how.getMessage()));
        }
    }

    /** The connection itself: datagrams, and how it ends. */
    private final class ConnectionHandler extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connection = (QuicChannel) context.channel();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof ByteBuf datagram)) {
                // A stream that the server has opened; the pipeline's end sets it up.
                context.fireChannelRead(message);
                return;
            }
            try {
                heardOverQuic(true);
                datagram(datagram.nioBuffer());
            } catch (WireFormatException e) {
                refuse(e.code(), String.valueOf(e.getMessage()));
            } finally {
                datagram.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                String reason = new String(close.reason(), StandardCharsets.UTF_8);
                end = close.isApplicationClose()
                        ? new LinkEnd(By.SERVER, CloseCode.of(close.error()), reason)
                        : new LinkEnd(By.SERVER, Optional.empty(), "QUIC error " + close.error() + " " + reason);
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            LinkEnd known = end;
            finish(known != null ? known : silent());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            finish(endOf(cause));
        }
    }

    /** A stream from the server, cut into messages. */
    private abstract class MessageHandler<T> extends ChannelInboundHandlerAdapter {

        private final MessageReader<T> reader;
        private final Consumer<T> sink;

        MessageHandler(MessageCodec<T> codec, Consumer<T> sink) {
            this.reader = new MessageReader<>(codec);
            this.sink = sink;
        }

        abstract void count(int bytes);

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                heardOverQuic(false);
                count(bytes.readableBytes());
                if (!ended) {
                    reader.read(bytes.nioBuffer(), sink);
                }
            } catch (WireFormatException e) {
                refuse(e.code(), String.valueOf(e.getMessage()));
            } finally {
                bytes.release();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            finish(endOf(cause));
        }
    }
}
