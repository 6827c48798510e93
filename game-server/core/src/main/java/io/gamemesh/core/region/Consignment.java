package io.gamemesh.core.region;

/** What goes to a neighbouring region besides entities. What is in it is the other region's from then on. */
sealed interface Consignment permits Offer, Parcel {

    /** How many items are in it. */
    int total();
}
