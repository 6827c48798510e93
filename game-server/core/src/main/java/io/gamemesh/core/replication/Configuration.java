package io.gamemesh.core.replication;

import io.gamemesh.protocol.id.ServerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who has copies of a region, as the coordinator has written it down. The number grows with each change. See PacificA
 * (Lin, Yang, Zhang and Zhou: PacificA, Replication in Log-Based Distributed Storage Systems, 2008), whose
 * configurations these are.
 *
 * @param number grows with each change of a region's backups, whoever acts
 * @param backups in no order, each process once
 */
public record Configuration(long number, List<Backup> backups) {

    /** More than any mesh asks for, with those that a move adds. */
    public static final int MAX_BACKUPS = 8;

    /**
     * One process with a copy.
     *
     * @param server who
     * @param inSync true if it may be told to take over at any time
     */
    public record Backup(ServerId server, boolean inSync) {}

    /** Refuses too many, and the same one twice. */
    public Configuration {
        backups = List.copyOf(backups);
        Set<ServerId> servers = new HashSet<>();
        for (Backup backup : backups) {
            if (!servers.add(backup.server())) {
                throw new IllegalArgumentException(
                        "configuration " + number + " has backup " + backup.server() + " twice, expected once");
            }
        }
        if (backups.size() > MAX_BACKUPS) {
            throw new IllegalArgumentException(
                    "configuration " + number + " has " + backups.size() + " backups, expected at most " + MAX_BACKUPS);
        }
    }

    /** Without a backup, as a region begins. */
    public static Configuration alone(long number) {
        return new Configuration(number, List.of());
    }

    /** Those in sync. */
    public List<ServerId> inSync() {
        List<ServerId> servers = new ArrayList<>(backups.size());
        for (Backup backup : backups) {
            if (backup.inSync()) {
                servers.add(backup.server());
            }
        }
        return servers;
    }
}
