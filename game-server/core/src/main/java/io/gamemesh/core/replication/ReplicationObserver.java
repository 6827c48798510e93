package io.gamemesh.core.replication;

/** Is told what happens to a region's replication, by whoever drives the region, in the middle of that. */
public interface ReplicationObserver {

    /** Does not care. */
    ReplicationObserver NONE = new ReplicationObserver() {
        @Override
        public void suspended() {}

        @Override
        public void diverged() {}

        @Override
        public void acknowledged(long nanos) {}
    };

    /** The region stands still from now on, since a lease that it needs has run out. */
    void suspended();

    /** A backup has found its copy to be another than it should be; it is going to be seeded anew. */
    void diverged();

    /**
     * A backup has applied what it was sent, and grants a lease.
     *
     * @param nanos from the beginning of the step in which it was sent, from which the lease is counted, too
     */
    void acknowledged(long nanos);
}
