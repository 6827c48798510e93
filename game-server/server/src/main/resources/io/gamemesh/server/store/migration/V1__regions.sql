-- For PostgreSQL and CockroachDB alike. mesh is NAMESPACE/NAME, since several meshes may share a database; region is the
-- 64 bits of the region's id.

-- Who may write, and where what is stored ends: the one row that every write of a region locks and checks.
CREATE TABLE region_epoch (
    mesh        VARCHAR(320) NOT NULL,
    region      BIGINT       NOT NULL,
    epoch       BIGINT       NOT NULL,
    -- The process that has claimed the epoch.
    server      VARCHAR(253) NOT NULL,
    incarnation BIGINT       NOT NULL,
    -- The end of the log, or of the snapshot if there is no log after it; null as long as nothing is stored.
    head_epoch  BIGINT,
    head_tick   BIGINT,
    PRIMARY KEY (mesh, region)
);

-- One for each region, but within the transaction that replaces it.
CREATE TABLE region_snapshot (
    mesh     VARCHAR(320) NOT NULL,
    region   BIGINT       NOT NULL,
    epoch    BIGINT       NOT NULL,
    tick     BIGINT       NOT NULL,
    bytes    BIGINT       NOT NULL,
    -- CRC-32C of region, epoch, tick (8 bytes each, big-endian) and all of the state.
    checksum BIGINT       NOT NULL,
    PRIMARY KEY (mesh, region, epoch, tick)
);

-- The state in pieces: rows of a distributed database are to be small.
CREATE TABLE region_snapshot_chunk (
    mesh   VARCHAR(320) NOT NULL,
    region BIGINT       NOT NULL,
    epoch  BIGINT       NOT NULL,
    tick   BIGINT       NOT NULL,
    chunk  INTEGER      NOT NULL,
    state  BYTEA        NOT NULL,
    PRIMARY KEY (mesh, region, epoch, tick, chunk)
);

CREATE TABLE region_log (
    mesh       VARCHAR(320) NOT NULL,
    region     BIGINT       NOT NULL,
    epoch      BIGINT       NOT NULL,
    first_tick BIGINT       NOT NULL,
    last_tick  BIGINT       NOT NULL,
    -- For each tick the length of its log as a varint, and its log.
    entries    BYTEA        NOT NULL,
    -- CRC-32C of region, epoch, first_tick, last_tick (8 bytes each, big-endian) and entries.
    checksum   BIGINT       NOT NULL,
    -- Without the epoch: no tick of a region is there twice.
    PRIMARY KEY (mesh, region, first_tick)
);
