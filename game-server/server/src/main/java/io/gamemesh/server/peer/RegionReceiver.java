package io.gamemesh.server.peer;

import io.gamemesh.core.region.RegionEngine;
import io.gamemesh.core.region.RegionStateException;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.RegionAccepted;
import io.gamemesh.protocol.v1.RegionChunk;
import io.gamemesh.protocol.v1.RegionOffer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.zip.CRC32C;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Regions that peers hand over to this server. It reads and checks; whether an offer is taken is for its
 * {@link Listener} to say. Confined to the single-threaded executor on which gRPC calls it back.
 */
public final class RegionReceiver {
    private static final Logger LOG = Logger.getLogger(RegionReceiver.class);
    /** Set where the refusal is this server's own word, and not the network's. */
    static final Metadata.Key<String> REFUSED = Metadata.Key.of("gamemesh-refused", Metadata.ASCII_STRING_MARSHALLER);

    /** What becomes of offers; called on the receiver's executor. */
    public interface Listener {
        /** A peer offers a region: {@link #receive} or {@link #refuse} it, or {@link #accept} it again. */
        void offered(long call, RegionOffer offer);

        /** All state is here and an engine has been made of it: {@link #takeEngine} and {@link #accept}, or refuse. */
        void received(long call);

        /** The state has not come whole, or is none. */
        void failed(long call, String reason);
    }

    /** Makes an engine of a region's state; called on any thread. */
    @FunctionalInterface
    public interface Restorer {
        RegionEngine restore(RegionId region, long epoch, byte[] state) throws RegionStateException;
    }

    private final Map<Long, Call> calls = new HashMap<>();
    private final Executor executor;
    private final Executor workers;
    private final Restorer restorer;
    private final Listener listener;
    private final long maxBytes;
    private long lastCall;

    /**
     * @param workers makes engines, which takes a while
     * @param maxBytes the largest state that is taken
     */
    public RegionReceiver(Executor executor, Executor workers, Restorer restorer, long maxBytes, Listener listener) {
        this.executor = executor;
        this.workers = workers;
        this.restorer = restorer;
        this.maxBytes = maxBytes;
        this.listener = listener;
    }

    /** Reads the state that was offered. */
    public void receive(long call) {
        Call open = calls.get(call);
        if (open != null) {
            open.receive();
        }
    }

    /**
     * The engine made of the state.
     *
     * @throws IllegalStateException if there is none, since nothing was received or it was taken before
     */
    public RegionEngine takeEngine(long call) {
        Call open = calls.get(call);
        RegionEngine engine = open == null ? null : open.engine;
        if (open == null || engine == null) {
            throw new IllegalStateException("call " + call + " has no region's state to go on from");
        }
        open.engine = null;
        return engine;
    }

    /** Answers that this server acts. */
    public void accept(long call, RegionId region, long epoch) {
        Call open = calls.remove(call);
        if (open != null) {
            open.accept(region, epoch);
        }
    }

    /** Answers that this server does not act on this offer and never will. */
    public void refuse(long call, String reason) {
        Call open = calls.remove(call);
        if (open != null) {
            open.refuse(reason);
        }
    }

    StreamObserver<RegionChunk> begin(ServerCallStreamObserver<RegionAccepted> answers) {
        Call call = new Call(++lastCall, answers);
        calls.put(call.number, call);
        answers.disableAutoRequest();
        answers.request(1);
        return call;
    }

    private final class Call implements StreamObserver<RegionChunk> {
        private final long number;
        private final ServerCallStreamObserver<RegionAccepted> answers;
        private @Nullable RegionOffer offer;
        private byte @Nullable [] state;
        private int read;
        private @Nullable RegionEngine engine;

        private Call(long number, ServerCallStreamObserver<RegionAccepted> answers) {
            this.number = number;
            this.answers = answers;
            answers.setOnCancelHandler(() -> gone("the call was cancelled"));
        }

        @Override
        public void onNext(RegionChunk chunk) {
            switch (chunk.getBodyCase()) {
                case OFFER -> offered(chunk.getOffer());
                case DATA -> data(chunk.getData().asReadOnlyByteBuffer());
                case BODY_NOT_SET -> broken("chunk is empty, expected an offer or data");
            }
        }

        private void offered(RegionOffer first) {
            if (offer != null) {
                broken("a second offer in one call, expected data");
                return;
            }
            offer = first;
            if (first.getSize() < 0 || first.getSize() > Math.min(maxBytes, Integer.MAX_VALUE - 8)) {
                broken("state is " + Long.toUnsignedString(first.getSize()) + " bytes, expected at most " + maxBytes);
                return;
            }
            listener.offered(number, first);
        }

        private void receive() {
            RegionOffer offered = offer;
            if (offered != null && state == null) {
                // Bounded by maxBytes, and only after the offer was found to be one to take.
                state = new byte[(int) offered.getSize()];
                if (offered.getSize() == 0) {
                    whole(offered, state);
                } else {
                    answers.request(1);
                }
            }
        }

        private void data(ByteBuffer bytes) {
            byte[] into = state;
            RegionOffer offered = offer;
            if (into == null || offered == null) {
                broken("data before an offer");
            } else if (bytes.remaining() > into.length - read) {
                broken("more data than the " + offered.getSize() + " bytes offered");
            } else {
                int length = bytes.remaining();
                bytes.get(into, read, length);
                read += length;
                if (read < into.length) {
                    answers.request(1);
                } else {
                    whole(offered, into);
                }
            }
        }

        private void whole(RegionOffer offered, byte[] bytes) {
            CRC32C checksum = new CRC32C();
            checksum.update(bytes);
            if ((int) checksum.getValue() != offered.getChecksum()) {
                broken("checksum of the state is " + Long.toHexString(checksum.getValue()) + ", expected "
                        + Integer.toHexString(offered.getChecksum()));
                return;
            }
            RegionId region = new RegionId(offered.getRegionId());
            CompletableFuture<RegionEngine> _ = CompletableFuture.supplyAsync(
                            () -> restore(region, offered.getOfferedEpoch(), bytes), workers)
                    .whenCompleteAsync(this::restored, executor);
        }

        private RegionEngine restore(RegionId region, long epoch, byte[] bytes) {
            try {
                return restorer.restore(region, epoch, bytes);
            } catch (RegionStateException e) {
                throw new CompletionException(e);
            }
        }

        private void restored(@Nullable RegionEngine made, @Nullable Throwable failure) {
            state = null;
            if (!calls.containsKey(number)) {
                return;
            }
            if (made != null) {
                engine = made;
                listener.received(number);
            } else {
                LOG.warnf(failure, "The state of an offered region cannot be used");
                listener.failed(number, String.valueOf(failure == null ? "no engine" : failure.getMessage()));
            }
        }

        private void broken(String reason) {
            if (calls.containsKey(number)) {
                if (offer == null) {
                    RegionReceiver.this.refuse(number, reason);
                } else {
                    listener.failed(number, reason);
                    RegionReceiver.this.refuse(number, reason);
                }
            }
        }

        private void gone(String reason) {
            if (offer == null) {
                // Nobody was told of the call.
                calls.remove(number);
                return;
            }
            // The engine is kept for as long as the decision about the offer is under way.
            if (engine == null && calls.containsKey(number)) {
                listener.failed(number, reason);
                calls.remove(number);
            }
        }

        private void accept(RegionId region, long epoch) {
            if (answers.isCancelled()) {
                LOG.infof("Took region %s at epoch %d, but the source no longer listens", region, epoch);
                return;
            }
            answers.onNext(RegionAccepted.newBuilder()
                    .setRegionId(region.packed())
                    .setEpoch(epoch)
                    .build());
            answers.onCompleted();
        }

        private void refuse(String reason) {
            if (answers.isCancelled()) {
                return;
            }
            Metadata trailers = new Metadata();
            trailers.put(REFUSED, "1");
            answers.onError(Status.FAILED_PRECONDITION.withDescription(reason).asRuntimeException(trailers));
        }

        @Override
        public void onError(Throwable failure) {
            gone(String.valueOf(failure.getMessage()));
        }

        @Override
        public void onCompleted() {
            byte[] reading = state;
            if (offer == null || (reading != null && read < reading.length)) {
                broken("the call ended before all data had come");
            }
        }
    }
}
