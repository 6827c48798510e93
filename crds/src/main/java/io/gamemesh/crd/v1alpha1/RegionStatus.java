package io.gamemesh.crd.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who acts for a region: the truth about authority. Only the leading operator writes it, as a compare-and-swap on the
 * resource's version.
 *
 * @param observedGeneration the generation of the spec that this status is about
 * @param phase where it is in its life
 * @param authority the one process that acts for it
 * @param backups processes that hold a copy
 * @param configuration grows with every change of the backups; 0 before the first
 * @param next the process that it is being moved to
 * @param epoch grows with every change of authority; 0 before the first
 * @param highestEpoch the highest epoch ever named, offers of failed moves included
 * @param players players in it
 * @param entities entities in it, players included
 * @param load load score in percent of one server
 * @param lastTransfer the latest completed change of authority
 * @param conditions the latest observations, by type
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegionStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") @Min(0) @Nullable Long observedGeneration,

        @JsonPropertyDescription("Where it is in its life.") RegionPhase phase,

        @JsonPropertyDescription("The one process that acts for it.") @Nullable ServerIncarnation authority,

        @JsonPropertyDescription("Processes that hold a copy.") @Size(max = 8) List<Backup> backups,

        @JsonPropertyDescription("Grows with every change of the backups; 0 before the first.") @Min(0) long configuration,

        @JsonPropertyDescription(
                "The process that it is being moved to. Until that has given up, nobody else may be promoted.")
        @Nullable ServerIncarnation next,

        @JsonPropertyDescription("Grows with every change of authority and is never used twice; 0 before the first.")
        @Min(0) long epoch,

        @JsonPropertyDescription(
                "The highest epoch ever named for it, offers of failed moves included; the next authority "
                        + "gets a higher one.")
        @Min(0) long highestEpoch,

        @JsonPropertyDescription("Players in it.") @Min(0) int players,

        @JsonPropertyDescription("Entities in it, players included.") @Min(0) int entities,

        @JsonPropertyDescription("Load score in percent of one server.") @Min(0) int load,

        @JsonPropertyDescription("The latest completed change of authority.") @Nullable Transfer lastTransfer,

        @JsonPropertyDescription("The latest observations, by type.") @Size(max = 32) List<Condition> conditions) {

    public RegionStatus {
        backups = backups == null ? List.of() : List.copyOf(backups);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        phase = requireNonNullElse(phase, RegionPhase.PENDING);
    }

    /** Nothing is known yet. */
    @SuppressWarnings("NullAway") // As from Jackson: null is what was left out.
    public RegionStatus() {
        this(null, null, null, null, 0, null, 0, 0, 0, 0, 0, null, null);
    }

    /** A builder that starts with this status. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Changes some parts of a status. Not thread-safe. */
    public static final class Builder {
        private @Nullable Long observedGeneration;
        private RegionPhase phase;
        private @Nullable ServerIncarnation authority;
        private List<Backup> backups;
        private long configuration;
        private @Nullable ServerIncarnation next;
        private long epoch;
        private long highestEpoch;
        private int players;
        private int entities;
        private int load;
        private @Nullable Transfer lastTransfer;
        private List<Condition> conditions;

        private Builder(RegionStatus status) {
            observedGeneration = status.observedGeneration;
            phase = status.phase;
            authority = status.authority;
            backups = status.backups;
            configuration = status.configuration;
            next = status.next;
            epoch = status.epoch;
            highestEpoch = status.highestEpoch;
            players = status.players;
            entities = status.entities;
            load = status.load;
            lastTransfer = status.lastTransfer;
            conditions = status.conditions;
        }

        /** Sets {@code observedGeneration}: the generation of the spec that this status is about. */
        public Builder observedGeneration(@Nullable Long observedGeneration) {
            this.observedGeneration = observedGeneration;
            return this;
        }

        /** Sets {@code phase}: where it is in its life. */
        public Builder phase(RegionPhase phase) {
            this.phase = phase;
            return this;
        }

        /** Sets {@code authority}: the one process that acts for it. */
        public Builder authority(@Nullable ServerIncarnation authority) {
            this.authority = authority;
            return this;
        }

        /** Sets {@code backups}: processes that hold a copy. */
        public Builder backups(List<Backup> backups) {
            this.backups = backups;
            return this;
        }

        /** Sets {@code configuration}: grows with every change of the backups. */
        public Builder configuration(long configuration) {
            this.configuration = configuration;
            return this;
        }

        /** Sets {@code next}: the process that it is being moved to. */
        public Builder next(@Nullable ServerIncarnation next) {
            this.next = next;
            return this;
        }

        /** Sets {@code epoch}: grows with every change of authority; 0 before the first. */
        public Builder epoch(long epoch) {
            this.epoch = epoch;
            return this;
        }

        /** Sets {@code highestEpoch}: the highest epoch ever named, offers of failed moves included. */
        public Builder highestEpoch(long highestEpoch) {
            this.highestEpoch = highestEpoch;
            return this;
        }

        /** Sets {@code players}: players in it. */
        public Builder players(int players) {
            this.players = players;
            return this;
        }

        /** Sets {@code entities}: entities in it, players included. */
        public Builder entities(int entities) {
            this.entities = entities;
            return this;
        }

        /** Sets {@code load}: load score in percent of one server. */
        public Builder load(int load) {
            this.load = load;
            return this;
        }

        /** Sets {@code lastTransfer}: the latest completed change of authority. */
        public Builder lastTransfer(@Nullable Transfer lastTransfer) {
            this.lastTransfer = lastTransfer;
            return this;
        }

        /** Sets {@code conditions}: the latest observations, by type. */
        public Builder conditions(List<Condition> conditions) {
            this.conditions = conditions;
            return this;
        }

        /** The status as changed. */
        public RegionStatus build() {
            return new RegionStatus(
                    observedGeneration,
                    phase,
                    authority,
                    backups,
                    configuration,
                    next,
                    epoch,
                    highestEpoch,
                    players,
                    entities,
                    load,
                    lastTransfer,
                    conditions);
        }
    }
}
