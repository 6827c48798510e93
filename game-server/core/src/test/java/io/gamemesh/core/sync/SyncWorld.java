package io.gamemesh.core.sync;

import io.gamemesh.protocol.snapshot.EntityTrack;
import io.gamemesh.protocol.snapshot.PackedRotation;
import io.gamemesh.protocol.snapshot.SnapshotDecoder;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.EntityKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;

/** Entities that move about, and clients behind networks that lose, delay, reorder and repeat; under virtual time. */
final class SyncWorld {

    static final int TICK_RATE = 20;
    static final int VIEW = 96;
    private static final int REMEMBERED_TICKS = 100;

    /** Something that walks, stands, turns and sometimes jumps to another place. */
    static final class Mover {
        final long id;
        double x;
        double y;
        double z;
        double vx;
        double vz;
        double yaw;
        // Of a body: a quaternion (x, y, z, w), and radians a second about its axes.
        boolean isBody;
        final double[] turn = {0, 0, 0, 1};
        final double[] spin = new double[3];

        Mover(long id) {
            this.id = id;
        }

        private void tumble(int tickRate) {
            double speed = Math.sqrt(spin[0] * spin[0] + spin[1] * spin[1] + spin[2] * spin[2]);
            double sine = speed == 0 ? 0 : Math.sin(speed / (2 * tickRate)) / speed;
            double a = spin[0] * sine;
            double b = spin[1] * sine;
            double c = spin[2] * sine;
            double d = Math.cos(speed / (2 * tickRate));
            double[] q = turn.clone();
            turn[0] = d * q[0] + a * q[3] + b * q[2] - c * q[1];
            turn[1] = d * q[1] - a * q[2] + b * q[3] + c * q[0];
            turn[2] = d * q[2] + a * q[1] - b * q[0] + c * q[3];
            turn[3] = d * q[3] - a * q[0] - b * q[1] - c * q[2];
        }

        @Override
        public String toString() {
            return "mover " + id;
        }

        double distance(Mover other) {
            return Math.sqrt(Math.pow(x - other.x, 2) + Math.pow(y - other.y, 2) + Math.pow(z - other.z, 2));
        }
    }

    private record InFlight(long at, Bytes bytes) {}

    private record Acknowledgement(long at, int view, int newest, int received) {}

    /** A client, its view at the server, and the network between. */
    final class Client implements Snapshots.Sink, SnapshotDecoder.Listener {
        final Mover self;
        final SnapshotDecoder decoder = new SnapshotDecoder(settings.tickRate());
        final Map<Long, EntityTrack> sees = new HashMap<>();
        final Map<Long, Long> toldTick = new HashMap<>();
        final Map<Long, String> names = new HashMap<>();
        // By number.
        private final Map<Integer, Long> believes = new HashMap<>();
        ClientView view;
        double loss;
        int maxDelay = 1;
        // Ticks that each datagram to the client takes at least.
        int leastDelay;
        boolean acknowledges = true;
        // Whether it goes on acknowledging datagrams once one has said that something is gone: that is said again and
        // again.
        boolean acknowledgesGone = true;
        boolean ended;
        // Whether it is sent anything.
        boolean shown = true;
        long bytes;
        int datagrams;
        // How often it was told whole records.
        int whole;
        private boolean heardGone;
        private final TreeSet<Integer> heard = new TreeSet<>();
        private final List<InFlight> down = new ArrayList<>();
        private final List<Acknowledgement> up = new ArrayList<>();

        Client(Mover self, ClientView view) {
            this.self = self;
            this.view = view;
        }

        @Override
        public void datagram(ByteBuffer datagram) {
            Bytes copy = Bytes.copyOf(datagram);
            bytes += copy.length();
            datagrams++;
            int repeats = random.nextDouble() < loss ? random.nextInt(3) : 1;
            for (int i = 0; i < repeats; i++) {
                down.add(new InFlight(tick + leastDelay + delay(), copy));
            }
        }

        @Override
        public void appears(long entityId, int kind, String name) {
            names.put(entityId, name);
        }

        @Override
        public void appeared(EntityTrack entity) {
            int number = numberAt(decoder.tick(), entity.id());
            Long before = believes.put(number, entity.id());
            if (before != null && before != entity.id()) {
                throw new AssertionError(
                        "number " + number + " became " + entity.id() + " while the client had " + before);
            }
            whole++;
            sees.put(entity.id(), entity);
            toldTick.put(entity.id(), decoder.tick());
        }

        @Override
        public void changed(EntityTrack entity) {
            assertIsMeant(entity);
            toldTick.put(entity.id(), decoder.tick());
        }

        @Override
        public void gone(EntityTrack entity) {
            assertIsMeant(entity);
            believes.remove(numberAt(decoder.tick(), entity.id()));
            heardGone = true;
            sees.remove(entity.id());
        }

        /** What the client takes the number for is what the server had under it. */
        private void assertIsMeant(EntityTrack entity) {
            int number = numberAt(decoder.tick(), entity.id());
            Long believed = believes.get(number);
            if (believed == null || believed != entity.id()) {
                throw new AssertionError("number " + number + " of entity " + entity.id() + " at tick " + decoder.tick()
                        + " is " + believed + " to the client");
            }
        }

        private int delay() {
            return maxDelay <= 1 ? 0 : random.nextInt(maxDelay);
        }

        private void receive() {
            List<InFlight> due = down.stream().filter(each -> each.at() <= tick).toList();
            down.removeAll(due);
            List<InFlight> order = new ArrayList<>(due);
            if (maxDelay > 1) {
                order.sort(Comparator.comparingInt(each -> random.nextInt()));
            }
            order.forEach(this::read);
            if (acknowledges && decoder.started() && random.nextDouble() >= loss) {
                acknowledge();
            }
        }

        private void read(InFlight datagram) {
            if (decoder.decode(datagram.bytes().asReadOnlyBuffer(), this) && !heardGone) {
                heard.add(decoder.newestSequence());
            }
        }

        private void acknowledge() {
            if (acknowledgesGone) {
                up.add(new Acknowledgement(
                        tick + delay(), decoder.view(), decoder.newestSequence(), decoder.received()));
            } else if (!heard.isEmpty()) {
                int newest = heard.last();
                int received = heard.stream()
                        .filter(each -> each < newest && newest - each <= Integer.SIZE)
                        .mapToInt(each -> 1 << (newest - each - 1))
                        .sum();
                up.add(new Acknowledgement(tick + delay(), decoder.view(), newest, received));
            }
        }

        private void deliverAcknowledgements() {
            for (var it = up.iterator(); it.hasNext(); ) {
                Acknowledgement each = it.next();
                if (each.at() <= tick && !ended) {
                    it.remove();
                    if (!snapshots.acknowledge(view, each.view(), each.newest(), each.received())) {
                        throw new AssertionError("an honest client was refused");
                    }
                }
            }
        }

        /** How far off the client has a body's rotation right now, the worst of its components. */
        double rotationError(Mover mover) {
            long told = Objects.requireNonNull(sees.get(mover.id), "a body in sight")
                    .rotation(tick);
            double alike = 0;
            double opposite = 0;
            for (int i = 0; i < 4; i++) {
                alike = Math.max(alike, Math.abs(PackedRotation.get(told, i) - mover.turn[i]));
                opposite = Math.max(opposite, Math.abs(PackedRotation.get(told, i) + mover.turn[i]));
            }
            return Math.min(alike, opposite);
        }

        /** Of what is in sight. */
        Tier tierOf(Mover mover) {
            return settings.tiers().get(view.tierOf(scene.number(mover.id)));
        }

        /** How far off the client has an entity right now, metres; NaN if it does not see it. */
        double error(Mover mover) {
            EntityTrack track = sees.get(mover.id);
            if (track == null) {
                return Double.NaN;
            }
            double x = track.position(0, tick) - mover.x;
            double y = track.position(1, tick) - mover.y;
            double z = track.position(2, tick) - mover.z;
            return Math.max(Math.abs(x), Math.max(Math.abs(y), Math.abs(z)));
        }
    }

    final Random random;
    final SyncSettings settings;
    final Scene scene;
    final Snapshots snapshots;
    final List<Mover> movers = new ArrayList<>();
    final List<Client> clients = new ArrayList<>();
    long tick;
    // The greatest number that an entity has had.
    int greatestNumber;
    // Of the last ticks: the entity of each number.
    private final Map<Long, Map<Long, Integer>> numbers = new HashMap<>();
    private long nextId = 1;

    SyncWorld(long seed, int bytesPerSecond) {
        this(seed, bytesPerSecond, TICK_RATE);
    }

    SyncWorld(long seed, int bytesPerSecond, int tickRate) {
        random = new Random(seed);
        settings = new SyncSettings(42, tickRate, VIEW, bytesPerSecond);
        scene = new Scene(settings);
        snapshots = new Snapshots(settings, scene);
    }

    Mover addMover(double x, double y, double z) {
        Mover mover = new Mover(nextId++);
        mover.x = x;
        mover.y = y;
        mover.z = z;
        movers.add(mover);
        return mover;
    }

    Mover addMoverWithin(double edge) {
        return addMover(random.nextDouble() * edge, 60 + random.nextInt(10), random.nextDouble() * edge);
    }

    Mover addBodyWithin(double edge) {
        Mover body = addMoverWithin(edge);
        body.isBody = true;
        return body;
    }

    Client addClient(Mover self) {
        Client client = new Client(self, snapshots.open(0));
        clients.add(client);
        return client;
    }

    /** The number of an entity at a tick, gone or not. */
    private int numberAt(long atTick, long id) {
        Integer number =
                Objects.requireNonNull(numbers.get(atTick), "a tick of late").get(id);
        if (number == null) {
            throw new AssertionError("at tick " + atTick + " no number was entity " + id);
        }
        return number;
    }

    private void rememberNumbers() {
        Map<Long, Integer> now = new HashMap<>();
        for (int number = 0; number < scene.highest(); number++) {
            now.put(scene.id(number), number);
        }
        for (Mover mover : movers) {
            int number = scene.number(mover.id);
            now.put(mover.id, number);
            greatestNumber = Math.max(greatestNumber, number);
        }
        numbers.put(tick, now);
        numbers.remove(tick - REMEMBERED_TICKS);
    }

    /** Everybody goes on as before, mostly. */
    void wander() {
        for (Mover mover : movers) {
            if (random.nextInt(20) == 0) {
                double speed = random.nextInt(3) * 2.5;
                mover.yaw += random.nextGaussian();
                mover.vx = -Math.sin(mover.yaw) * speed;
                mover.vz = -Math.cos(mover.yaw) * speed;
            }
            if (mover.isBody) {
                if (random.nextInt(20) == 0) {
                    for (int axis = 0; axis < 3; axis++) {
                        mover.spin[axis] = random.nextGaussian() * 2;
                    }
                }
                mover.tumble(settings.tickRate());
            }
        }
        walkOn();
    }

    /** Everybody goes straight on. */
    void walkOn() {
        for (Mover mover : movers) {
            mover.x += mover.vx / settings.tickRate();
            mover.z += mover.vz / settings.tickRate();
        }
    }

    /** It has something to tell in each tick. */
    void tremble(Mover mover) {
        mover.vx = random.nextGaussian();
        mover.vz = random.nextGaussian();
    }

    /** Who walks stops. */
    void halt() {
        for (Mover mover : movers) {
            mover.vx = 0;
            mover.vz = 0;
        }
    }

    void step() {
        tick++;
        clients.forEach(Client::deliverAcknowledgements);
        scene.begin(tick);
        for (Mover mover : movers) {
            if (mover.isBody) {
                see(mover);
                continue;
            }
            scene.see(
                    mover.id,
                    EntityKind.PLAYER,
                    Math.round(mover.x * 1024),
                    Math.round(mover.y * 1024),
                    Math.round(mover.z * 1024),
                    (int) Math.round(mover.vx * 128),
                    0,
                    (int) Math.round(mover.vz * 128),
                    (int) Math.round(mover.yaw / (2 * Math.PI) * 65536) & 0xffff,
                    0,
                    "mover " + mover.id);
        }
        scene.end();
        rememberNumbers();
        for (Client client : clients) {
            int self = scene.number(client.self.id);
            if (self != Scene.NONE && !client.ended && client.shown) {
                OwnState own = new OwnState();
                own.set(
                        (int) ((Math.round(client.self.x * 1024) + 4) >> 3),
                        (int) ((Math.round(client.self.y * 1024) + 4) >> 3),
                        (int) ((Math.round(client.self.z * 1024) + 4) >> 3),
                        (int) Math.round(client.self.vx * 128),
                        0,
                        (int) Math.round(client.self.vz * 128),
                        true);
                snapshots.send(client.view, self, own, tick, client);
                if (client.view.isTooSlow()) {
                    snapshots.close(client.view);
                    client.ended = true;
                }
            }
            client.receive();
        }
    }

    private void see(Mover body) {
        scene.seeBody(
                body.id,
                Math.round(body.x * 1024),
                Math.round(body.y * 1024),
                Math.round(body.z * 1024),
                (int) Math.round(body.vx * 128),
                0,
                (int) Math.round(body.vz * 128),
                PackedRotation.of(body.turn[0], body.turn[1], body.turn[2], body.turn[3]),
                body.spin[0],
                body.spin[1],
                body.spin[2],
                "");
    }

    void run(int ticks) {
        for (int i = 0; i < ticks; i++) {
            wander();
            step();
        }
    }
}
