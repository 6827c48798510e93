package io.gamemesh.server.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.v1.PeerGrpc;
import io.gamemesh.protocol.v1.RegionAccepted;
import io.gamemesh.protocol.v1.RegionChunk;
import io.gamemesh.protocol.v1.RegionOffer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Hands regions over to peers. Confined to the single-threaded executor on which gRPC calls it back. */
public final class RegionSender {
    private static final int CHUNK_BYTES = 256 * 1024;

    /** How a hand-over ended. */
    public sealed interface Outcome {
        /** The target acts at the offered epoch. */
        record Accepted() implements Outcome {}

        /** The target will never act on this offer, for certain. */
        record Refused(String reason) implements Outcome {}

        /** It may act or not. */
        record Unknown(String reason) implements Outcome {}
    }

    private record Offer(RegionId region, long offeredEpoch) {}

    private final PeerChannels channels;
    private final Duration deadline;
    /** Offers that a target has had whole: from then on only its own word says what became of them. */
    private final Set<Offer> delivered = new HashSet<>();

    /**
     * A sender that has sent nothing.
     *
     * @param deadline after which the outcome is unknown
     */
    public RegionSender(PeerChannels channels, Duration deadline) {
        this.channels = channels;
        this.deadline = deadline;
    }

    /**
     * Sends a region's state to the target.
     *
     * @param offer all but size and checksum
     * @param done told once, later
     * @throws IllegalArgumentException if the address is not {@code host:port}
     */
    public void send(String address, RegionOffer.Builder offer, byte[] state, Consumer<Outcome> done) {
        CRC32C checksum = new CRC32C();
        checksum.update(state);
        offer.setSize(state.length).setChecksum((int) checksum.getValue());
        ManagedChannel channel = channels.open(address);
        PeerGrpc.newStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .transferRegion(new Transfer(channel, offer.build(), state, done));
    }

    private final class Transfer implements ClientResponseObserver<RegionChunk, RegionAccepted> {
        private final ManagedChannel channel;
        private final RegionOffer offer;
        private final byte[] state;
        private final Consumer<Outcome> done;
        private final Offer key;
        private boolean offered;
        private boolean ended;
        private int sent;

        private Transfer(ManagedChannel channel, RegionOffer offer, byte[] state, Consumer<Outcome> done) {
            this.channel = channel;
            this.offer = offer;
            this.state = state;
            this.done = done;
            this.key = new Offer(new RegionId(offer.getRegionId()), offer.getOfferedEpoch());
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<RegionChunk> requests) {
            requests.setOnReadyHandler(() -> write(requests));
        }

        private void write(ClientCallStreamObserver<RegionChunk> requests) {
            while (requests.isReady() && !ended) {
                if (!offered) {
                    offered = true;
                    deliveredIfLast();
                    requests.onNext(RegionChunk.newBuilder().setOffer(offer).build());
                } else if (sent < state.length) {
                    int length = Math.min(CHUNK_BYTES, state.length - sent);
                    ByteString data = UnsafeByteOperations.unsafeWrap(state, sent, length);
                    sent += length;
                    deliveredIfLast();
                    requests.onNext(RegionChunk.newBuilder().setData(data).build());
                } else {
                    ended = true;
                    requests.onCompleted();
                }
            }
        }

        private void deliveredIfLast() {
            if (sent == state.length) {
                delivered.add(key);
            }
        }

        @Override
        public void onNext(RegionAccepted accepted) {
            boolean same =
                    accepted.getRegionId() == offer.getRegionId() && accepted.getEpoch() == offer.getOfferedEpoch();
            finish(
                    same
                            ? new Outcome.Accepted()
                            : new Outcome.Unknown("the target accepted region " + new RegionId(accepted.getRegionId())
                                    + " at epoch " + accepted.getEpoch()));
        }

        @Override
        public void onError(Throwable failure) {
            Status status = Status.fromThrowable(failure);
            Metadata trailers = Status.trailersFromThrowable(failure);
            boolean itsOwnWord = trailers != null && trailers.containsKey(RegionReceiver.REFUSED);
            String reason = status.getCode() + ": " + status.getDescription();
            if (itsOwnWord || !delivered.contains(key)) {
                finish(new Outcome.Refused(reason));
            } else {
                finish(new Outcome.Unknown(reason));
            }
        }

        @Override
        public void onCompleted() {
            finish(new Outcome.Unknown("the target ended the call without an answer"));
        }

        private @Nullable Outcome outcome;

        private void finish(Outcome how) {
            if (outcome == null) {
                outcome = how;
                ended = true;
                channel.shutdown();
                if (!(how instanceof Outcome.Unknown)) {
                    delivered.remove(key);
                }
                done.accept(how);
            }
        }
    }
}
