package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * One key of a Secret in the mesh's namespace.
 *
 * @param name the Secret's name
 * @param key the key within it
 */
public record SecretKeyReference(
        @JsonPropertyDescription("Name of a Secret in the mesh's namespace.")
        @Required
        @Size(min = 1, max = 253) @Pattern(SecretReference.DNS_SUBDOMAIN) String name,

        @JsonPropertyDescription("Key within the Secret.")
        @Required
        @Size(min = 1, max = 253) @Pattern("^[-._a-zA-Z0-9]+$") String key) {}
