package io.gamemesh.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A Secret in the mesh's namespace.
 *
 * @param name its name
 */
public record SecretReference(
        @JsonPropertyDescription("Name of a Secret in the mesh's namespace.")
        @Required
        @Size(min = 1, max = 253) @Pattern(SecretReference.DNS_SUBDOMAIN) String name) {

    static final String DNS_SUBDOMAIN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
}
