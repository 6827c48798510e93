package io.gamemesh.simulation;

import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.ServerMessage;

/**
 * One gRPC stream between a game server and an operator. In order in each direction; when it breaks, what is under way may
 * or may not arrive, and each side learns of it in its own time. While the network is cut it stands still, until each side
 * has waited too long for a sign of life.
 */
final class Link {

    /** What keep-alives take to notice that nobody is there. */
    private static final long KEEP_ALIVE = 4 * Scheduler.SECOND;

    private final World world;
    final long number;
    final GameServer server;
    final OperatorProcess operator;
    private final Network.Pipe up;
    private final Network.Pipe down;
    private boolean breaking;
    private boolean serverClosed;
    private boolean operatorClosed;

    Link(World world, long number, GameServer server, OperatorProcess operator) {
        this.world = world;
        this.number = number;
        this.server = server;
        this.operator = operator;
        this.up = world.network.new Pipe(server.name, operator.name);
        this.down = world.network.new Pipe(operator.name, server.name);
        watch(world.now());
    }

    /** Breaks what has been cut for too long. */
    private void watch(long reachedAt) {
        world.scheduler.after(Scheduler.SECOND, () -> {
            if (breaking || serverClosed || operatorClosed) {
                return;
            }
            boolean reached = world.network.reaches(server.name, operator.name)
                    && world.network.reaches(operator.name, server.name);
            if (!reached && world.now() - reachedAt > KEEP_ALIVE) {
                breaks(Scheduler.SECOND);
            } else {
                watch(reached ? world.now() : reachedAt);
            }
        });
    }

    /** The operator hears of the stream before it hears anything on it. */
    void opens(Runnable what) {
        up.send(what);
    }

    boolean open() {
        return !serverClosed && !operatorClosed && !breaking;
    }

    void toOperator(ServerMessage message) {
        if (!serverClosed) {
            up.send(() -> {
                if (!operatorClosed) {
                    operator.received(this, message);
                }
            });
        }
    }

    void toServer(CoordinatorMessage message) {
        if (!operatorClosed) {
            down.send(() -> {
                if (!serverClosed) {
                    server.received(this, message);
                }
            });
        }
    }

    /** The server has let go: it hears nothing more from this stream, the operator learns of it after what was sent. */
    void closedByServer() {
        if (!serverClosed) {
            serverClosed = true;
            up.send(this::tellOperator);
        }
    }

    void closedByOperator() {
        if (!operatorClosed) {
            operatorClosed = true;
            down.send(this::tellServer);
        }
    }

    /** The network or one of the two processes is gone. */
    void breaks(long longestSilence) {
        if (breaking) {
            return;
        }
        breaking = true;
        long upFor = world.random(20 * Scheduler.MILLI);
        long downFor = world.random(20 * Scheduler.MILLI);
        up.breaks(upFor);
        down.breaks(downFor);
        world.scheduler.after(upFor + world.random(longestSilence), this::tellOperator);
        world.scheduler.after(downFor + world.random(longestSilence), this::tellServer);
    }

    private void tellOperator() {
        if (!operatorClosed) {
            operatorClosed = true;
            operator.lost(this);
        }
    }

    private void tellServer() {
        if (!serverClosed) {
            serverClosed = true;
            server.lost(this);
        }
    }
}
