package io.gamemesh.client;

import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.CloseCode;
import io.gamemesh.protocol.wire.EditShape;
import io.gamemesh.protocol.wire.ItemCounts;
import io.gamemesh.protocol.wire.Quantized;
import io.gamemesh.protocol.wire.ToClient.EditOutcome;
import io.gamemesh.protocol.wire.ToClient.ItemOutcome;
import io.gamemesh.protocol.wire.ToClient.Welcome;
import io.gamemesh.protocol.wire.ToServer;
import io.gamemesh.protocol.wire.ToServer.Network;
import io.gamemesh.protocol.wire.Wire;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A player in a mesh. Thread-safe; everything it does happens on one event loop, on which its {@link GameListener} is
 * called.
 *
 * <p>A redirect is followed without the player noticing: the client connects to the next server first and leaves the
 * old one once the next has let it in. When a server falls silent or sends it away, the client goes round the servers
 * it knows with its last ticket, which brings the player back to where it was; pauses between rounds grow to 3 s, until
 * {@link Builder#giveUpAfter} has passed.
 */
public final class GameClient implements AutoCloseable {

    private final EventLoop loop;
    private final Session session;

    private volatile Movement movement = Movement.STILL;

    private GameClient(ClientSettings settings, ClientTransport transport) {
        Channel socket = transport.socket();
        this.loop = socket.eventLoop();
        this.session = new Session(settings, transport, socket, () -> movement);
    }

    /** Starts the description of a client. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How the player wants to move from now on, sent to the server with every tick.
     *
     * @param wanted holds until the next call, changes of server included
     */
    public void move(Movement wanted) {
        movement = wanted;
    }

    /**
     * Asks for a block to be replaced. An edit without an answer is sent again to the next server when the client
     * changes servers, so it may be done twice, the second time after somebody else's. At most 1,024 may wait for
     * their answers.
     *
     * @param x world coordinate of the block, metres
     * @param y as {@code x}
     * @param z as {@code x}
     * @param block what shall be there, an index into {@link Welcome#blocks()} of {@link WorldView#world()}
     * @return what became of it; fails with a {@link GameClientException} if there is no answer within
     *     {@link Builder#editTimeout}, too many edits are under way, or the client ends
     */
    public CompletableFuture<EditOutcome> edit(int x, int y, int z, int block) {
        return ask(outcome -> session.edit(request -> new ToServer.BlockEdit(request, x, y, z, block), outcome));
    }

    /**
     * Asks for many blocks to be made the same, as {@link #edit(int, int, int, int)} does for one; how many and how often
     * is up to the server, and most servers allow none. All of it has to be within the view radius and in the region that the
     * player is in; it is done in whole or not at all.
     *
     * @param shape which blocks
     * @param block what shall be there, an index into {@link Welcome#blocks()} of {@link WorldView#world()}
     * @return what became of it, {@link EditOutcome#NOT_ALLOWED} where the server allows no such edits; fails as for one block
     */
    public CompletableFuture<EditOutcome> fill(EditShape shape, int block) {
        return ask(outcome ->
                session.edit(request -> new ToServer.BulkEdit(request, shape, OptionalInt.empty(), block), outcome));
    }

    /**
     * As {@link #fill}, but only of those blocks that are of one kind.
     *
     * @param replaced which kind, an index into {@link Welcome#blocks()} of {@link WorldView#world()}
     */
    public CompletableFuture<EditOutcome> replace(EditShape shape, int replaced, int block) {
        return ask(outcome -> session.edit(
                request -> new ToServer.BulkEdit(request, shape, OptionalInt.of(replaced), block), outcome));
    }

    /**
     * Takes back the latest of the player's edits that has not been taken back, one of many blocks in whole: wherever there is
     * still what the edit had put, there is again what was there before. A server knows the last few edits that this client has
     * made in the region where the player is, since it came there.
     *
     * @return what became of it, {@link EditOutcome#NOTHING_TO_UNDO} if the server knows of none; fails as for one block
     */
    public CompletableFuture<EditOutcome> undo() {
        return ask(outcome -> session.edit(ToServer.Undo::new, outcome));
    }

    /**
     * Throws some of what the player carries away: they lie there then, for everybody to take, until they vanish in time. What
     * the player carries is in {@link WorldView#items()}. A request without an answer is sent again to the next server when the
     * client changes servers, and is not done twice. At most 1,024 may wait for their answers.
     *
     * @param item which
     * @param count 1 to {@link ItemCounts#MAX_STACK}
     * @param yaw where to, radians, counter-clockwise seen from above; 0 is along -z
     * @param pitch radians, up is positive
     * @param speed metres a second, 0 to 8
     * @return what became of it, {@link ItemOutcome#REPEATED} if its answer was lost: then {@link WorldView#items()} tells. Fails
     *     with a {@link GameClientException} if the server has not told what the player carries, there is no answer within
     *     {@link Builder#editTimeout} and {@link Wire#TRADE_SECONDS}, too many requests are under way, or the client ends; with
     *     an {@link IllegalArgumentException} if count or speed are not as said
     */
    public CompletableFuture<ItemOutcome> drop(int item, int count, double yaw, double pitch, double speed) {
        int yaw16 = Quantized.yaw16(yaw);
        int pitch16 = Quantized.pitch16(pitch);
        int speed128 = Quantized.metres(speed);
        return ask(outcome -> session.handle(
                request -> new ToServer.DropItem(request, item, count, yaw16, pitch16, speed128), outcome));
    }

    /**
     * Takes what lies within about 5 m, beyond a border, too: all of it or nothing.
     *
     * @param entityId of one of {@link WorldView#entities()}
     * @return what became of it, {@link ItemOutcome#GONE} if somebody else was faster; fails as {@link #drop}
     */
    public CompletableFuture<ItemOutcome> pickUp(long entityId) {
        return ask(outcome -> session.handle(request -> new ToServer.PickUpItem(request, entityId), outcome));
    }

    /**
     * Offers a player within about 8 m an exchange. What is offered is out of the player's hands until the other has answered;
     * then it has what it wanted, or what it had.
     *
     * @param partner entity of the other player
     * @param gives what the player gives, which may be nothing
     * @param wants what it is to get, which may be nothing if it gives something
     * @return what became of it, in the end; fails as {@link #drop}
     */
    public CompletableFuture<ItemOutcome> offerTrade(long partner, ItemCounts gives, ItemCounts wants) {
        return ask(
                outcome -> session.handle(request -> new ToServer.OfferTrade(request, partner, gives, wants), outcome));
    }

    /**
     * Answers an offer that {@link GameListener#tradeOffered} has told of.
     *
     * @param trade of the offer
     * @param accepts whether the exchange shall be made
     * @return what became of the answer; fails as {@link #drop}
     */
    public CompletableFuture<ItemOutcome> answerTrade(long trade, boolean accepts) {
        return ask(outcome -> session.handle(request -> new ToServer.AnswerTrade(request, trade, accepts), outcome));
    }

    /**
     * Measures a round trip to the server that the client is at.
     *
     * @return how long it took; fails with a {@link GameClientException} if the client is at no server now, or there
     *     is no answer within {@link Builder#editTimeout}
     */
    public CompletableFuture<Duration> ping() {
        return ask(session::ping);
    }

    /**
     * Looks at the world, from any thread.
     *
     * @param question asked on the event loop; must neither block nor keep the view
     * @param <T> what is asked for
     * @return the answer; fails with a {@link GameClientException} before the player has joined, and once the
     *     transport is closed, which one that is not shared is when the client has ended
     */
    public <T> CompletableFuture<T> inspect(Function<WorldView, T> question) {
        return ask(answer -> answer.complete(question.apply(requireView())));
    }

    /**
     * The world, on the event loop only; null before the player has joined.
     *
     * @throws IllegalStateException on any other thread
     */
    public @Nullable WorldView view() {
        requireLoop();
        return session.view();
    }

    /**
     * True while a server has the player, on the event loop only.
     *
     * @throws IllegalStateException on any other thread
     */
    public boolean isPlaying() {
        requireLoop();
        return session.isPlaying();
    }

    /** What has been counted so far; fails with a {@link GameClientException} once the transport is closed. */
    public CompletableFuture<ClientStatistics> statistics() {
        return ask(answer -> answer.complete(session.tally().statistics()));
    }

    /** Counts anew, as after a warm-up. */
    public void resetStatistics() {
        submit(() -> session.tally().reset());
    }

    /** Completes when the client is no longer in the world, with the reason. */
    public CompletableFuture<GameClientException> ended() {
        return session.ended().copy();
    }

    /**
     * Leaves the world for good: the player's entity goes too. Returns at once; {@link #ended} completes when the server
     * knows, and the next if it follows a redirect, or has not answered within 5 s. While it is between servers nobody is
     * told, and the entity goes as that of a player who does not come back. Does nothing to a client that has ended.
     */
    @Override
    public void close() {
        submit(session::leave);
    }

    private <T> CompletableFuture<T> ask(Consumer<CompletableFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean asked = submit(() -> {
            try {
                question.accept(answer);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        if (!asked) {
            answer.completeExceptionally(new GameClientException(Optional.empty(), "the client has ended"));
        }
        return answer;
    }

    /** False when the transport is closed: nothing of the client is left then to do it to. */
    private boolean submit(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    private WorldView requireView() {
        WorldView world = session.view();
        if (world == null) {
            throw new GameClientException(Optional.empty(), "the player has not joined yet");
        }
        return world;
    }

    private void requireLoop() {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("not on the client's event loop: use inspect()");
        }
    }

    /** Describes a client. Not thread-safe. */
    public static final class Builder {

        private List<ServerAddress> servers = List.of();
        private String name = "player";
        private Network network = Network.EXTERNAL;
        private Optional<Bytes> token = Optional.empty();
        private GameListener listener = new GameListener() {};
        private boolean keepTerrain = true;
        private boolean generate = true;
        private boolean keepEntities = true;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration giveUpAfter = Duration.ofMinutes(1);
        private Duration editTimeout = Duration.ofSeconds(10);
        private @Nullable ClientTransport transport;
        private Collection<X509Certificate> trust = List.of();
        private String meshNamespace = "default";
        private String mesh = "";

        private Builder() {}

        /** Any servers of the mesh, at least one; the others are learned. */
        public Builder servers(Collection<ServerAddress> addresses) {
            servers = List.copyOf(addresses);
            return this;
        }

        /** Any servers of the mesh, at least one; the others are learned. */
        public Builder servers(ServerAddress... addresses) {
            return servers(Arrays.asList(addresses));
        }

        /** What others see, 1 to {@link Wire#MAX_PLAYER_NAME} bytes of UTF-8. */
        public Builder name(String playerName) {
            name = playerName;
            return this;
        }

        /** Which addresses redirects shall name; {@link Network#EXTERNAL} unless told otherwise. */
        public Builder network(Network where) {
            network = where;
            return this;
        }

        /**
         * Who the player is. A mesh with {@code players: JWT} asks for a JWT (RFC 7519) of its issuer, and its subject
         * is the player; in an open one any secret makes the player the same with every session. Up to
         * {@link Wire#MAX_TOKEN} bytes of UTF-8.
         */
        public Builder token(String secret) {
            token = Optional.of(Bytes.copyOf(secret.getBytes(StandardCharsets.UTF_8)));
            return this;
        }

        /** Who is told what happens. */
        public Builder listener(GameListener told) {
            listener = told;
            return this;
        }

        /** Whether blocks are kept, so that {@link WorldView#block} knows them; true unless told otherwise. */
        public Builder keepTerrain(boolean keep) {
            keepTerrain = keep;
            return this;
        }

        /**
         * Whether the client makes terrain itself and is sent what has been edited, if it has the world's generator on its
         * class path, in the same version; true unless told otherwise.
         */
        public Builder generate(boolean itself) {
            generate = itself;
            return this;
        }

        /**
         * Whether the client looks at what is told of others, so that {@link WorldView#entities} has them; true unless told
         * otherwise. It is sent all the same.
         */
        public Builder keepEntities(boolean keep) {
            keepEntities = keep;
            return this;
        }

        /** How long one server may take to let the player in; 5 s unless told otherwise. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        /** How long to look for a server that lets the player in; 1 min unless told otherwise. */
        public Builder giveUpAfter(Duration timeout) {
            giveUpAfter = timeout;
            return this;
        }

        /** How long the answer to an edit or a ping may take; 10 s unless told otherwise. */
        public Builder editTimeout(Duration timeout) {
            editTimeout = timeout;
            return this;
        }

        /** Sockets and threads to share with other clients of the mesh; they stay open. */
        public Builder transport(ClientTransport shared) {
            transport = shared;
            return this;
        }

        /** Certificate authorities of the mesh, its {@code ca.crt}; for a client without a shared transport. */
        public Builder trust(Collection<X509Certificate> authorities) {
            trust = authorities;
            return this;
        }

        /** Which mesh the servers must prove to belong to; for a client without a shared transport. */
        public Builder meshName(String namespace, String meshName) {
            meshNamespace = namespace;
            mesh = meshName;
            return this;
        }

        /**
         * Starts to join the world.
         *
         * @return the client once it is in; fails with a {@link GameClientException} if no server lets it in, which
         *     has {@link CloseCode#UNAUTHENTICATED} if the mesh does not take the token
         * @throws IllegalArgumentException if there are no servers, the name or the token is not as said, or there is
         *     neither a transport nor somebody to trust
         */
        public CompletableFuture<GameClient> connect() {
            if (servers.isEmpty()) {
                throw new IllegalArgumentException("no servers, expected at least one HOST:PORT");
            }
            if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > Wire.MAX_PLAYER_NAME) {
                throw new IllegalArgumentException(
                        "the name '" + name + "' is not 1 to " + Wire.MAX_PLAYER_NAME + " bytes of UTF-8");
            }
            token.filter(secret -> secret.length() > Wire.MAX_TOKEN).ifPresent(secret -> {
                throw new IllegalArgumentException(
                        "the token has " + secret.length() + " bytes, expected up to " + Wire.MAX_TOKEN);
            });
            if (transport == null && mesh.isEmpty()) {
                throw new IllegalArgumentException("no mesh: set its name and whom to trust, or a transport");
            }
            ClientTransport shared = transport;
            ClientTransport used = shared != null ? shared : ClientTransport.open(trust, meshNamespace, mesh, 1);
            GameClient client = new GameClient(
                    new ClientSettings(
                            servers,
                            name,
                            network,
                            token,
                            listener,
                            keepTerrain,
                            generate,
                            keepEntities,
                            connectTimeout,
                            giveUpAfter,
                            editTimeout),
                    used);
            if (shared == null) {
                // Not on the loop that it stops.
                var _ = client.session.ended().thenRun(() -> Thread.ofVirtual().start(used::close));
            }
            if (!client.submit(client.session::start)) {
                return CompletableFuture.failedFuture(
                        new GameClientException(Optional.empty(), "the transport is closed, expected an open one"));
            }
            return client.session.joined().thenApply(_ -> client);
        }
    }
}
