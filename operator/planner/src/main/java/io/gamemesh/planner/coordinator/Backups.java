package io.gamemesh.planner.coordinator;

import io.gamemesh.protocol.id.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who has copies of a region: a numbered configuration, in the sense of PacificA (Lin, Yang, Zhang and Zhou, 2008).
 *
 * @param configuration grows by one with each change, whoever acts; 0 before the first
 * @param list each process once, at most {@link #MAX}
 */
public record Backups(long configuration, List<Backup> list) {

    /** As many as the schema admits. */
    public static final int MAX = 8;

    /** Of a region that was just created. */
    public static final Backups NONE = new Backups(0, List.of());

    /**
     * One process with a copy.
     *
     * @param server who
     * @param inSync true if it may be told to take over
     */
    public record Backup(ServerId server, boolean inSync) {}

    /** Refuses too many. */
    public Backups {
        list = List.copyOf(list);
        if (configuration < 0 || list.size() > MAX) {
            throw new IllegalArgumentException("configuration " + configuration + " has " + list.size()
                    + " backups, expected a number of at least 0 and at most " + MAX + " backups");
        }
    }

    /** Those that may be told to take over, in order. */
    public List<ServerId> inSync() {
        return list.stream().filter(Backup::inSync).map(Backup::server).toList();
    }

    /** True if that process is listed, in sync or not. */
    public boolean has(@Nullable ServerId server) {
        return list.stream().anyMatch(backup -> backup.server().equals(server));
    }

    /** The next configuration, with another list. */
    Backups changed(List<Backup> newList) {
        return new Backups(configuration + 1, newList);
    }

    /** The next configuration of a region whose authority is another one now: nobody has a copy of what is to come. */
    Backups without(ServerId authority) {
        return changed(map(backup -> !backup.server().equals(authority)));
    }

    /** The next configuration, with one more that may be told to take over. */
    Backups and(ServerId server) {
        List<Backup> more = new ArrayList<>(list);
        more.removeIf(backup -> backup.server().equals(server));
        more.add(new Backup(server, true));
        return changed(more.size() > MAX ? more.subList(more.size() - MAX, more.size()) : more);
    }

    /** The next configuration, without any. */
    Backups none() {
        return changed(List.of());
    }

    private List<Backup> map(Predicate<Backup> kept) {
        List<Backup> unsynced = new ArrayList<>(list.size());
        for (Backup backup : list) {
            if (kept.test(backup)) {
                unsynced.add(new Backup(backup.server(), false));
            }
        }
        return unsynced;
    }
}
