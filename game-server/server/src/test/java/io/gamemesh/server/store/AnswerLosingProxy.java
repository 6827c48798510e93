package io.gamemesh.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Between a client and a database: passes everything on, but once in a while loses the answer to a commit. */
final class AnswerLosingProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final int target;
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicInteger lost = new AtomicInteger();

    AnswerLosingProxy(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var _ = Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The database does the next commit, and nobody hears of it. */
    void loseAnswerToNextCommit() {
        armed.set(true);
    }

    int lost() {
        return lost.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                AtomicBoolean losing = new AtomicBoolean();
                var _ = Thread.ofVirtual().start(() -> pass(client, server, losing, true));
                var _ = Thread.ofVirtual().start(() -> pass(server, client, losing, false));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void pass(Socket from, Socket to, AtomicBoolean losing, boolean isQuestion) {
        byte[] buffer = new byte[65_536];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (isQuestion
                        && new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains("COMMIT\0")
                        && armed.compareAndSet(true, false)) {
                    losing.set(true);
                }
                if (!isQuestion && losing.get()) {
                    lost.incrementAndGet();
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException _) {
            // Either side has gone, and with it the connection.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
