package io.gamemesh.core.sync;

import java.util.Arrays;
import java.util.List;

/** What is near a place, and in which tier by distance and by how many are nearer. Used again and again. */
final class Finds {

    private static final int RINGS = 64;

    private final double perRing;
    private final float rings;
    private final List<Tier> tiers;
    private final int[] inRing = new int[RINGS];
    private final byte[] tierOfRing = new byte[RINGS];

    int count;
    int[] number = new int[256];
    private byte[] ring = new byte[256];

    /**
     * Nothing yet.
     *
     * @param radius metres within which is looked
     * @param tiers from near to far
     */
    Finds(int radius, List<Tier> tiers) {
        this.tiers = tiers;
        // Rings of equal width, the last for whatever rounding leaves.
        perRing = radius * 128.0 / (RINGS - 1);
        rings = (float) (1 / perRing);
    }

    void clear() {
        count = 0;
        Arrays.fill(inRing, 0);
    }

    /** @param counts whether those further off have one more that is nearer */
    void add(int entity, long distanceSquared, boolean counts) {
        if (count == number.length) {
            number = Arrays.copyOf(number, count * 2);
            ring = Arrays.copyOf(ring, count * 2);
        }
        int at = Math.min((int) ((float) Math.sqrt((float) distanceSquared) * rings), RINGS - 1);
        inRing[at] += counts ? 1 : 0;
        number[count] = entity;
        ring[count++] = (byte) at;
    }

    /** To be called once all are added. */
    void rank() {
        int nearer = 0;
        int tier = 0;
        for (int at = 0; at < RINGS; at++) {
            nearer += inRing[at];
            double metres = at * perRing / 128;
            while (tier < tiers.size() - 1
                    && (metres > tiers.get(tier).metres()
                            || nearer > tiers.get(tier).among())) {
                tier++;
            }
            tierOfRing[at] = (byte) tier;
        }
    }

    byte tier(int find) {
        return tierOfRing[ring[find]];
    }
}
