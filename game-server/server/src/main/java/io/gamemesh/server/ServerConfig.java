package io.gamemesh.server;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The configuration of one game server: what the mesh's ConfigMap says, and where on this machine things are. Keys and
 * files are those of {@code docs/architecture.md}; every port may be 0, which takes a free one.
 */
@ConfigMapping(prefix = "gamemesh")
public interface ServerConfig {

    /** Which mesh this server belongs to. */
    Mesh mesh();

    /** How to reach the control plane. */
    Coordinator coordinator();

    /** The world that all servers of the mesh share. */
    World world();

    /** This server. */
    Server server();

    /** Addresses that this server listens on. */
    Listen listen();

    /** What strangers may cost. */
    Limits limits();

    /** How long permissions to act last. */
    Failover failover();

    /** Who may play, and with which certificates. */
    Security security();

    /** The database that keeps the world. */
    Store store();

    /** Which mesh this server belongs to. */
    interface Mesh {
        String name();

        String namespace();

        /** The name in the certificate of every server of this mesh, which clients and peers check. */
        default String tlsName() {
            return name() + "." + namespace() + ".gamemesh";
        }
    }

    /** How to reach the control plane. */
    interface Coordinator {
        /** {@code host:port}; every address that the host name resolves to is one operator. */
        String endpoint();

        /** Used until the coordinator names another one. */
        @WithDefault("1s")
        Duration heartbeat();

        @WithDefault("/etc/gamemesh/coordinator/ca.crt")
        Path caFile();

        /** Read anew for every call: Kubernetes renews it in place. */
        @WithDefault("/var/run/secrets/gamemesh/token")
        Path tokenFile();
    }

    /** The world that all servers of the mesh share. */
    interface World {
        long seed();

        @WithDefault("hills")
        String generator();

        /** Edge of a region in metres. */
        @WithDefault("2048")
        int regionSize();

        /** Edge of the smallest region in metres. */
        @WithDefault("512")
        int minRegionSize();

        /** Width of the band in metres within which neighbours mirror each other's entities and edits. */
        @WithDefault("100")
        int overlap();

        /** Metres within which a player sees entities and terrain; no more than the overlap counts. */
        @WithDefault("96")
        int viewRadius();

        /** {@code min-x,min-y,min-z,max-x,max-y,max-z} in metres; absent in an unbounded world. */
        Optional<List<Integer>> bounds();

        /** What a player carries who joins for the first time: {@code ITEM:COUNT,...}; nothing if absent. */
        Optional<String> startingItems();

        /** How many creatures appear in a region in which there are players. */
        @WithDefault("0")
        int creatures();

        /** What decides for them: the name of a {@code Behaviour.Factory}. */
        @WithDefault("wander")
        String behaviour();
    }

    /** This server. */
    interface Server {
        /** The pod's name: it comes back after a restart. */
        @WithDefault("${POD_NAME:gamemesh-0}")
        String name();

        /** The address at which peers and clients inside the cluster reach this server. */
        @WithDefault("${POD_IP:127.0.0.1}")
        String address();

        /** Ticks a second. */
        @WithDefault("20")
        int tickRate();

        @WithDefault("60")
        int maxPlayers();

        /** Thousandths of a core that the container may use; by default all processors. */
        @WithDefault("${CPU_MILLIS:}")
        OptionalInt cpuMillis();

        /** Threads that step regions; by default one a core of the container's CPU limit. */
        OptionalInt engineThreads();

        @WithDefault("/dev/termination-log")
        Path terminationLog();

        /** From SIGTERM until the process gives up waiting for its regions to be moved off. */
        @WithDefault("60s")
        Duration drainDeadline();

        /** How long a player without a connection stays in the world. */
        @WithDefault("30s")
        Duration reconnectGrace();
    }

    /** How long permissions to act last. */
    interface Failover {
        /** What an acknowledgement of a backup lets the authority of a region act for; 1 ms to 60 s. */
        @WithDefault("1s")
        Duration replicationLease();
    }

    /** Addresses that this server listens on; port 0 takes a free one. */
    interface Listen {
        @WithDefault("0.0.0.0")
        String host();

        @WithDefault("7777")
        int playerPort();

        @WithDefault("7778")
        int queryPort();

        @WithDefault("9090")
        int peerPort();
    }

    /** What strangers may cost. */
    interface Limits {
        /** QUIC connections, whatever their state. Players have their own limit. */
        @WithDefault("512")
        int connections();

        /**
         * Connections from one address (of IPv6: one /64) that have not said Hello yet. Players behind one address, as
         * of a NAT, may be more: only those who just come count.
         */
        @WithDefault("128")
        int halfOpenPerAddress();

        /** From a client's first packet until its Hello is there. */
        @WithDefault("5s")
        Duration handshakeTimeout();

        /** A client of which nothing has come for so long, over QUIC or sealed, is gone; at least 100 ms. */
        @WithDefault("6s")
        Duration idleTimeout();

        /** For how long the keys of a client's sealed datagrams are used. */
        @WithDefault("1h")
        Duration rekeyAfter();

        /** Reliable bytes that may wait for a slow client before it is disconnected. */
        @WithDefault("4194304")
        int reliableBacklogBytes();

        /** Datagrams that may wait for one connection; older snapshots are dropped first. */
        @WithDefault("64")
        int datagramQueue();

        /** Messages a second that one player may send, over one second's burst. */
        @WithDefault("200")
        int inputsPerSecond();

        /**
         * Blocks within the bounds of one edit of many blocks, of all such edits of one player in a second, and of those of
         * all players of a region in a tick, up to 262,144. With 0 nobody may make them; otherwise everybody who may play.
         */
        @WithDefault("0")
        int bulkEditBlocks();

        /**
         * How long one who comes with a ticket may wait for its region to act again before it has been welcomed. It
         * has its own patience, and other servers to try.
         */
        @WithDefault("2s")
        Duration newcomerPatience();

        /** Events that may wait for one region. */
        @WithDefault("16384")
        int mailbox();

        /** The largest region state that is taken over from a peer. */
        @WithDefault("268435456")
        long transferBytes();

        /** Messages that may wait for one peer. */
        @WithDefault("16384")
        int peerQueue();

        /** Query connections at one time. */
        @WithDefault("64")
        int queryConnections();

        /** From a query's connection until it is closed, answered or not. */
        @WithDefault("2s")
        Duration queryTimeout();
    }

    /** Who may play, and with which certificates. */
    interface Security {
        /** Holds {@code tls.crt}, {@code tls.key}, {@code ca.crt} and {@code ticket.key}. */
        @WithDefault("/etc/gamemesh/secret")
        Path directory();

        @WithDefault("Open")
        Players players();

        /** Needed with {@link Players#JWT}. */
        Optional<Jwt> jwt();
    }

    /** How players are told apart. */
    enum Players {
        /** Anyone plays; a client's own key makes a name its own. */
        Open,
        /** A token of the configured issuer says who it is. */
        JWT
    }

    /** Which tokens are taken. */
    interface Jwt {
        String issuer();

        String audience();

        /** A JSON Web Key Set; read anew when it changes. */
        Path jwksFile();
    }

    /** The database that keeps the world. */
    interface Store {
        @WithDefault("none")
        StoreKind kind();

        /** Holds {@code url}, {@code username} and {@code password}; the last two are read for every new connection. */
        @WithDefault("/etc/gamemesh/store")
        Path directory();

        /** Connections of this server at one time, with a thread each. */
        @WithDefault("4")
        int connections();

        /** For a connection, and for each answer of the database; whole seconds. */
        @WithDefault("10s")
        Duration timeout();

        /** How long a region's log waits at most to be written with that of later ticks, unless somebody waits for it. */
        @WithDefault("1s")
        Duration batchInterval();

        /** From one snapshot of a region to the next. */
        @WithDefault("5m")
        Duration snapshotInterval();

        /** Bytes of a region's log after which there is a snapshot even before that. */
        @WithDefault("16777216")
        long snapshotBytes();

        /** Bytes of a region's log that may wait; beyond it the log is dropped, and a snapshot takes its place. */
        @WithDefault("33554432")
        long backlogBytes();
    }

    /** What keeps the world. */
    enum StoreKind {
        /** Nothing: the world lasts as long as its servers. */
        None,
        /** A database that speaks PostgreSQL's protocol. */
        Postgres
    }
}
