package io.gamemesh.fuzzing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code ./mesh fuzz} needs besides Jazzer. */
public final class Fuzzing {

    private Fuzzing() {}

    /**
     * {@code list} prints the names of the targets, {@code seeds FOLDER} writes the inputs that each has to begin with into
     * a folder of its own, and those of all into the folder {@code all}; {@code replay TARGET FILE...} tries inputs again.
     */
    public static void main(String[] args) throws IOException {
        switch (args.length == 0 ? "" : args[0]) {
            case "list" -> Targets.all().forEach(target -> System.out.println(target.name()));
            case "seeds" -> writeSeeds(Path.of(args[1]));
            case "replay" -> replay(args[1], List.of(args).subList(2, args.length));
            default -> throw new IllegalArgumentException("expected list, seeds FOLDER or replay TARGET FILE...");
        }
    }

    private static void writeSeeds(Path folder) throws IOException {
        Path all = Files.createDirectories(folder.resolve("all"));
        int place = 0;
        for (Target<?> target : Targets.all()) {
            Path of = Files.createDirectories(folder.resolve(target.name()));
            int number = 0;
            for (byte[] seed : target.seeds()) {
                Files.write(of.resolve("seed-" + number), seed);
                Files.write(all.resolve(target.name() + "-" + number), FuzzEntry.chosen(place, seed));
                number++;
            }
            place++;
        }
    }

    private static void replay(String name, List<String> files) throws IOException {
        Trial<?> trial = new Trial<>(Targets.named(name));
        for (String file : files) {
            boolean taken = trial.run(Files.readAllBytes(Path.of(file)));
            System.out.println(file + ": " + (taken ? "taken" : "refused"));
        }
    }
}
