package io.gamemesh.fuzzing;

import io.gamemesh.core.voxel.EditLog;
import io.gamemesh.protocol.wire.WireReader;
import io.gamemesh.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Who has put what where, which has one notation. */
final class EditLogTarget implements Target<EditLog> {

    @Override
    public String name() {
        return "edit-log";
    }

    @Override
    public EditLog decode(byte[] input) {
        WireReader in = new WireReader(ByteBuffer.wrap(input));
        EditLog log = EditLog.read(in, EditLog.MAX_LIMIT);
        in.end("edit log");
        return log;
    }

    private static byte[] bytes(EditLog log) {
        WireWriter out = new WireWriter();
        log.write(out);
        return out.toBytes().toArray();
    }

    @Override
    public void check(byte[] input, EditLog log) {
        if (!Arrays.equals(bytes(log), input)) {
            throw new AssertionError("a log of " + log.size() + " edits is other bytes when written");
        }
        log.add(Long.MAX_VALUE, EditLog.NOBODY, 0, 0, 0, (short) 0, (short) 1);
    }

    @Override
    public long mostAllocated(int length) {
        return 16 * 1024 + 64L * length;
    }

    @Override
    public List<byte[]> seeds() {
        EditLog log = new EditLog(4);
        for (int i = 0; i < 6; i++) {
            log.add(100 + i * i, 1L << 40 | i, -i, 64, i, (short) 0, (short) i);
        }
        return List.of(bytes(new EditLog(1)), bytes(log));
    }
}
