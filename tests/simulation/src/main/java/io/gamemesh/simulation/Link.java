package io.gamemesh.simulation;

import io.gamemesh.protocol.v1.CoordinatorMessage;
import io.gamemesh.protocol.v1.ServerMessage;

/**
 * One gRPC stream between a game server and an operator. In order in each direction; when it breaks, what is under way may
 * or may not arrive, and each side learns of it in its own time.
 */
final class Link {

    private final World world;
    final long number;
    final GameServer server;
    final OperatorProcess operator;
    private long lastUp;
    private long lastDown;
    private long cutUp = Long.MAX_VALUE;
    private long cutDown = Long.MAX_VALUE;
    private boolean serverClosed;
    private boolean operatorClosed;

    Link(World world, long number, GameServer server, OperatorProcess operator) {
        this.world = world;
        this.number = number;
        this.server = server;
        this.operator = operator;
    }

    /** The operator hears of the stream before it hears anything on it. */
    void opens(Runnable what) {
        lastUp = world.now() + world.networkDelay();
        world.scheduler.at(lastUp, what);
    }

    boolean open() {
        return !serverClosed && !operatorClosed && cutUp == Long.MAX_VALUE;
    }

    void toOperator(ServerMessage message) {
        if (serverClosed) {
            return;
        }
        lastUp = Math.max(lastUp + 1, world.now() + world.networkDelay());
        long at = lastUp;
        world.scheduler.at(at, () -> {
            if (at <= cutUp && !operatorClosed) {
                operator.received(this, message);
            }
        });
    }

    void toServer(CoordinatorMessage message) {
        if (operatorClosed) {
            return;
        }
        lastDown = Math.max(lastDown + 1, world.now() + world.networkDelay());
        long at = lastDown;
        world.scheduler.at(at, () -> {
            if (at <= cutDown && !serverClosed) {
                server.received(this, message);
            }
        });
    }

    /** The server has let go: it hears nothing more from this stream, the operator learns of it after what was sent. */
    void closedByServer() {
        if (serverClosed) {
            return;
        }
        serverClosed = true;
        world.scheduler.at(Math.max(lastUp + 1, world.now() + world.networkDelay()), this::tellOperator);
    }

    void closedByOperator() {
        if (operatorClosed) {
            return;
        }
        operatorClosed = true;
        world.scheduler.at(Math.max(lastDown + 1, world.now() + world.networkDelay()), this::tellServer);
    }

    /** The network or one of the two processes is gone. */
    void breaks(long longestSilence) {
        if (cutUp != Long.MAX_VALUE) {
            return;
        }
        cutUp = world.now() + world.random(20 * Scheduler.MILLI);
        cutDown = world.now() + world.random(20 * Scheduler.MILLI);
        world.scheduler.at(cutUp + world.random(longestSilence), this::tellOperator);
        world.scheduler.at(cutDown + world.random(longestSilence), this::tellServer);
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
