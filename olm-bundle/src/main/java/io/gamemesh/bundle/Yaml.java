package io.gamemesh.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes YAML in one way. Safe for use by several threads. */
final class Yaml {

    static final YAMLMapper MAPPER = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER, YAMLGenerator.Feature.SPLIT_LINES)
            .enable(
                    YAMLGenerator.Feature.MINIMIZE_QUOTES,
                    YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS,
                    YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .build();

    private Yaml() {}

    /**
     * All documents of a file.
     *
     * @throws IllegalArgumentException if one of them is not an object
     */
    static List<ObjectNode> objects(Path file) {
        try (var documents = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(file))) {
            List<ObjectNode> objects = new ArrayList<>();
            while (documents.hasNextValue()) {
                if (!(documents.nextValue() instanceof ObjectNode object)) {
                    throw new IllegalArgumentException("%s: expected YAML objects only".formatted(file));
                }
                objects.add(object);
            }
            return objects;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s as YAML".formatted(file), e);
        }
    }

    /**
     * The one document of a file.
     *
     * @throws IllegalArgumentException if there are more or none
     */
    static ObjectNode object(Path file) {
        List<ObjectNode> objects = objects(file);
        if (objects.size() != 1) {
            throw new IllegalArgumentException("%s: expected one object, not %d".formatted(file, objects.size()));
        }
        return objects.getFirst();
    }

    static String write(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was read can be written", e);
        }
    }
}
