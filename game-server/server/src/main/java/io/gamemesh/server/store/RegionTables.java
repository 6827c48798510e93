package io.gamemesh.server.store;

import io.gamemesh.core.store.LogBatch;
import io.gamemesh.core.store.LogPosition;
import io.gamemesh.core.store.Refusal;
import io.gamemesh.protocol.id.RegionId;
import io.gamemesh.protocol.id.ServerId;
import io.gamemesh.protocol.wire.Bytes;
import io.gamemesh.protocol.wire.WireFormatException;
import io.gamemesh.server.store.RegionStore.Outcome;
import io.gamemesh.server.store.StoreException.Reason;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is read and written within one transaction. Each that writes first locks the region's row of {@code region_epoch},
 * by a statement that looks at it as it is then; so those of one region are done one after the other, at any isolation
 * from read committed on. Reading takes several statements, and needs repeatable read.
 */
final class RegionTables {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int CHUNKS_AT_ONCE = 4;

    private final Connection connection;
    private final String mesh;

    /** @param mesh {@code NAMESPACE/NAME} */
    RegionTables(Connection connection, String mesh) {
        this.connection = connection;
        this.mesh = mesh;
    }

    private record EpochRow(
            long epoch,
            String server,
            long incarnation,
            @Nullable LogPosition head) {

        boolean isOf(ServerId claimant) {
            return server.equals(claimant.name()) && incarnation == claimant.incarnation();
        }

        String holder() {
            return server + "#" + incarnation;
        }
    }

    private record SnapshotRow(LogPosition at, long bytes, long checksum) {}

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private int update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    Outcome claim(RegionId region, long epoch, ServerId claimant) throws SQLException {
        int claimed = update("""
                INSERT INTO region_epoch (mesh, region, epoch, server, incarnation) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (mesh, region) DO UPDATE
                SET epoch = excluded.epoch, server = excluded.server, incarnation = excluded.incarnation
                WHERE region_epoch.epoch < excluded.epoch
                """, mesh, region.packed(), epoch, claimant.name(), (long) claimant.incarnation());
        if (claimed == 1) {
            return new Outcome.Done();
        }
        EpochRow row = epochRow(region, false);
        if (row == null) {
            throw new SQLException("the epoch of region " + region + " has gone while it was claimed", "40001");
        }
        return row.epoch == epoch && row.isOf(claimant)
                ? new Outcome.Done()
                : new Outcome.Refused(new Refusal.Superseded(region, epoch, row.epoch, row.holder()));
    }

    Outcome append(RegionId region, long epoch, LogPosition after, LogBatch batch) throws SQLException {
        // Check and lock in one.
        int moved = update("""
                UPDATE region_epoch SET head_epoch = epoch, head_tick = ?
                WHERE mesh = ? AND region = ? AND epoch = ? AND head_epoch = ? AND head_tick = ?
                """, batch.lastTick(), mesh, region.packed(), epoch, after.epoch(), after.tick());
        if (moved == 0) {
            EpochRow row = epochRow(region, false);
            Refusal refusal = refusal(region, epoch, row);
            if (refusal != null || row == null) {
                return new Outcome.Refused(refusal == null ? new Refusal.NotClaimed(region, epoch, 0) : refusal);
            }
            return new LogPosition(epoch, batch.lastTick()).equals(row.head) && isStored(region, epoch, batch)
                    ? new Outcome.Done()
                    : new Outcome.Refused(new Refusal.NotContiguous(region, epoch, after, row.head));
        }
        int _ = update(
                """
                INSERT INTO region_log (mesh, region, epoch, first_tick, last_tick, checksum, entries)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                mesh,
                region.packed(),
                epoch,
                batch.firstTick(),
                batch.lastTick(),
                checksum(region, epoch, batch),
                batch.entries().toArray());
        return new Outcome.Done();
    }

    /** Whether an earlier attempt has done it; a later snapshot may have replaced it since. */
    private boolean isStored(RegionId region, long epoch, LogBatch batch) throws SQLException {
        try (PreparedStatement select =
                        prepare("""
                        SELECT checksum FROM region_log
                        WHERE mesh = ? AND region = ? AND epoch = ? AND first_tick = ? AND last_tick = ?
                        """, mesh, region.packed(), epoch, batch.firstTick(), batch.lastTick());
                ResultSet row = select.executeQuery()) {
            if (row.next()) {
                return row.getLong(1) == checksum(region, epoch, batch);
            }
        }
        return snapshots(region).stream()
                .anyMatch(snapshot -> snapshot.at.epoch() == epoch && snapshot.at.tick() >= batch.lastTick());
    }

    Outcome snapshot(RegionId region, long epoch, long tick, Bytes state) throws SQLException {
        EpochRow row = epochRow(region, true);
        Refusal refusal = refusal(region, epoch, row);
        if (refusal != null || row == null) {
            return new Outcome.Refused(refusal == null ? new Refusal.NotClaimed(region, epoch, 0) : refusal);
        }
        for (SnapshotRow stored : snapshots(region)) {
            if (stored.at.epoch() == epoch && stored.at.tick() >= tick) {
                // It has been done before, or was given up long ago.
                return new Outcome.Done();
            }
        }
        int _ = update(
                """
                INSERT INTO region_snapshot (mesh, region, epoch, tick, bytes, checksum) VALUES (?, ?, ?, ?, ?, ?)
                """, mesh, region.packed(), epoch, tick, (long) state.length(), checksum(region, epoch, tick, state));
        insertChunks(region, epoch, tick, state);
        for (String table : List.of("region_snapshot", "region_snapshot_chunk")) {
            int _ = update(
                    "DELETE FROM " + table + " WHERE mesh = ? AND region = ? AND NOT (epoch = ? AND tick = ?)",
                    mesh,
                    region.packed(),
                    epoch,
                    tick);
        }
        LogPosition head = row.head;
        if (head != null && head.epoch() == epoch && head.tick() >= tick) {
            int _ = update(
                    "DELETE FROM region_log WHERE mesh = ? AND region = ? AND last_tick <= ?",
                    mesh,
                    region.packed(),
                    tick);
        } else {
            // What is there is of another history, or there is a gap between it and this.
            int _ = update("DELETE FROM region_log WHERE mesh = ? AND region = ?", mesh, region.packed());
            int _ = update(
                    "UPDATE region_epoch SET head_epoch = epoch, head_tick = ? WHERE mesh = ? AND region = ?",
                    tick,
                    mesh,
                    region.packed());
        }
        return new Outcome.Done();
    }

    private void insertChunks(RegionId region, long epoch, long tick, Bytes state) throws SQLException {
        ByteBuffer rest = state.asReadOnlyBuffer();
        try (PreparedStatement insert = prepare("""
                INSERT INTO region_snapshot_chunk (mesh, region, epoch, tick, chunk, state) VALUES (?, ?, ?, ?, ?, ?)
                """, mesh, region.packed(), epoch, tick)) {
            int waiting = 0;
            for (int chunk = 0; rest.hasRemaining(); chunk++) {
                byte[] piece = new byte[Math.min(rest.remaining(), CHUNK_BYTES)];
                rest.get(piece);
                insert.setInt(5, chunk);
                insert.setBytes(6, piece);
                insert.addBatch();
                waiting++;
                if (waiting == CHUNKS_AT_ONCE || !rest.hasRemaining()) {
                    insert.executeBatch();
                    waiting = 0;
                }
            }
        }
    }

    StoredRegion load(RegionId region) throws SQLException, StoreException {
        try {
            return verified(region);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw corrupt(region, String.valueOf(e.getMessage()));
        }
    }

    private StoredRegion verified(RegionId region) throws SQLException, StoreException {
        EpochRow row = epochRow(region, false);
        if (row == null) {
            return StoredRegion.UNKNOWN;
        }
        List<SnapshotRow> snapshots = snapshots(region);
        LogPosition head = row.head;
        if (head == null) {
            check(snapshots.isEmpty(), region, "there is a snapshot, and no word of where the log ends");
            return new StoredRegion(row.epoch, null);
        }
        check(snapshots.size() == 1, region, "there are " + snapshots.size() + " snapshots, expected 1");
        SnapshotRow snapshot = snapshots.getFirst();
        long tick = snapshot.at.tick();
        Bytes state = state(region, snapshot);
        return new StoredRegion(row.epoch, new StoredRegion.Contents(tick, state, log(region, tick, head), head));
    }

    private Bytes state(RegionId region, SnapshotRow snapshot) throws SQLException, StoreException {
        String what = "the snapshot of " + snapshot.at;
        check(
                snapshot.bytes >= 0 && snapshot.bytes <= Integer.MAX_VALUE,
                region,
                what + " has " + snapshot.bytes + " bytes");
        ByteBuffer state = ByteBuffer.allocate((int) snapshot.bytes);
        try (PreparedStatement select = prepare("""
                SELECT chunk, state FROM region_snapshot_chunk
                WHERE mesh = ? AND region = ? AND epoch = ? AND tick = ? ORDER BY chunk
                """, mesh, region.packed(), snapshot.at.epoch(), snapshot.at.tick())) {
            select.setFetchSize(CHUNKS_AT_ONCE);
            try (ResultSet chunks = select.executeQuery()) {
                for (int chunk = 0; chunks.next(); chunk++) {
                    byte[] piece = chunks.getBytes(2);
                    check(chunks.getInt(1) == chunk, region, what + " has no chunk " + chunk);
                    check(
                            piece.length <= state.remaining(),
                            region,
                            what + " has more than " + snapshot.bytes + " bytes");
                    state.put(piece);
                }
            }
        }
        check(!state.hasRemaining(), region, what + " lacks " + state.remaining() + " bytes");
        Bytes bytes = Bytes.copyOf(state.flip());
        check(
                checksum(region, snapshot.at.epoch(), snapshot.at.tick(), bytes) == snapshot.checksum,
                region,
                what + " has not the checksum that it was written with");
        return bytes;
    }

    private List<Bytes> log(RegionId region, long snapshotTick, LogPosition head) throws SQLException, StoreException {
        List<Bytes> log = new ArrayList<>();
        long last = snapshotTick;
        try (PreparedStatement select = prepare("""
                SELECT epoch, first_tick, last_tick, checksum, entries FROM region_log
                WHERE mesh = ? AND region = ? AND last_tick > ? ORDER BY first_tick
                """, mesh, region.packed(), snapshotTick)) {
            select.setFetchSize(64);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    last = addBatch(region, rows, last, log);
                }
            }
        }
        check(last == head.tick(), region, "the log ends with tick " + last + ", and was written up to " + head);
        return log;
    }

    private static long addBatch(RegionId region, ResultSet row, long last, List<Bytes> log)
            throws SQLException, StoreException {
        long epoch = row.getLong(1);
        long first = row.getLong(2);
        String what = "the log of ticks " + first + " to " + row.getLong(3);
        // A snapshot may have been taken within the first batch.
        boolean follows = log.isEmpty() ? first <= last + 1 : first == last + 1;
        check(follows && row.getLong(3) >= first, region, what + " is stored after that of tick " + last);
        LogBatch batch = new LogBatch(first, row.getLong(3), Bytes.copyOf(row.getBytes(5)));
        check(
                checksum(region, epoch, batch) == row.getLong(4),
                region,
                what + " has not the checksum that it was written with");
        try {
            List<Bytes> ticks = batch.ticks();
            log.addAll(ticks.subList(Math.toIntExact(last + 1 - first), ticks.size()));
        } catch (WireFormatException e) {
            throw corrupt(region, what + ": " + e.getMessage());
        }
        return batch.lastTick();
    }

    private @Nullable EpochRow epochRow(RegionId region, boolean lock) throws SQLException {
        try (PreparedStatement select = prepare("""
                        SELECT epoch, server, incarnation, head_epoch, head_tick FROM region_epoch
                        WHERE mesh = ? AND region = ?
                        """ + (lock ? "FOR UPDATE" : ""), mesh, region.packed());
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            long headEpoch = row.getLong(4);
            boolean empty = row.wasNull();
            return new EpochRow(
                    row.getLong(1),
                    row.getString(2),
                    row.getLong(3),
                    empty ? null : new LogPosition(headEpoch, row.getLong(5)));
        }
    }

    private List<SnapshotRow> snapshots(RegionId region) throws SQLException {
        List<SnapshotRow> snapshots = new ArrayList<>();
        try (PreparedStatement select = prepare("""
                        SELECT epoch, tick, bytes, checksum FROM region_snapshot WHERE mesh = ? AND region = ?
                        """, mesh, region.packed());
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                snapshots.add(new SnapshotRow(
                        new LogPosition(rows.getLong(1), rows.getLong(2)), rows.getLong(3), rows.getLong(4)));
            }
        }
        return snapshots;
    }

    /** Why a write of that epoch is not done, whatever it is; null if nothing is in its way. */
    private static @Nullable Refusal refusal(RegionId region, long epoch, @Nullable EpochRow row) {
        if (row == null) {
            return new Refusal.NotClaimed(region, epoch, 0);
        }
        if (row.epoch > epoch) {
            return new Refusal.Superseded(region, epoch, row.epoch, row.holder());
        }
        return row.epoch < epoch ? new Refusal.NotClaimed(region, epoch, row.epoch) : null;
    }

    private static void check(boolean condition, RegionId region, String otherwise) throws StoreException {
        if (!condition) {
            throw corrupt(region, otherwise);
        }
    }

    private static StoreException corrupt(RegionId region, String what) {
        return new StoreException(
                Reason.CORRUPT,
                "what is stored of region " + region + " is damaged: " + what
                        + ". Restore its rows from a backup of the database");
    }

    private static long checksum(RegionId region, long epoch, LogBatch batch) {
        return checksum(batch.entries(), region.packed(), epoch, batch.firstTick(), batch.lastTick());
    }

    private static long checksum(RegionId region, long epoch, long tick, Bytes state) {
        return checksum(state, region.packed(), epoch, tick);
    }

    private static long checksum(Bytes content, long... names) {
        CRC32C crc = new CRC32C();
        ByteBuffer name = ByteBuffer.allocate(names.length * Long.BYTES);
        for (long each : names) {
            name.putLong(each);
        }
        crc.update(name.flip());
        crc.update(content.asReadOnlyBuffer());
        return crc.getValue();
    }
}
