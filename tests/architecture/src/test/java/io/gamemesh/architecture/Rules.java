package io.gamemesh.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * The rules, for the project itself or for the fixture that breaks them.
 *
 * @param root the package that the parts are in
 */
record Rules(String root) {

    /** A part may use itself and the parts named; of what is not ours, anything. */
    ArchRule mayUseOnly(String part, String... others) {
        List<String> allowed = new ArrayList<>(List.of(inside(part)));
        for (String other : others) {
            allowed.add(inside(other));
        }
        DescribedPredicate<JavaClass> ours = resideInAPackage(root + "..");
        return noClasses()
                .that()
                .resideInAPackage(inside(part))
                .should()
                .dependOnClassesThat(
                        ours.and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                .as(part + " uses no part of ours but " + String.join(", ", others))
                .because("docs/architecture.md says which way dependencies point");
    }

    /** A part uses no such libraries. */
    ArchRule usesNone(String part, String... packages) {
        return noClasses()
                .that()
                .resideInAPackage(inside(part))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .as(part + " uses nothing of " + String.join(", ", packages))
                .because("what decides is sans-I/O and runs in the simulation as it runs in a cluster");
    }

    /** A part starts no threads and waits for none. */
    ArchRule startsNoThreads(String part) {
        DescribedPredicate<JavaClass> threads = assignableTo(Thread.class)
                .or(assignableTo(java.util.concurrent.Executor.class))
                .or(assignableTo(java.util.concurrent.Future.class))
                .or(assignableTo(java.util.Timer.class))
                .or(resideInAPackage("java.util.concurrent.locks.."));
        return noClasses()
                .that()
                .resideInAPackage(inside(part))
                .should()
                .dependOnClassesThat(threads)
                .as(part + " starts no threads and waits for none")
                .because("a state machine is stepped by its shell");
    }

    /** A part reads no clock. */
    ArchRule readsNoClock(String part) {
        DescribedPredicate<JavaAccess<?>> clock = DescribedPredicate.describe("a clock", Rules::readsAClock);
        return noClasses()
                .that()
                .resideInAPackage(inside(part))
                .should()
                .accessTargetWhere(clock)
                .as(part + " reads no clock")
                .because("time is handed in, so that it can be virtual");
    }

    private static boolean readsAClock(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getTarget().getName();
        return (owner.isEquivalentTo(System.class) && (name.equals("nanoTime") || name.equals("currentTimeMillis")))
                || (owner.getPackageName().startsWith("java.time")
                        && (name.equals("now") || name.startsWith("system")));
    }

    /** A part draws no random numbers that a seed does not give. */
    ArchRule drawsNoLots(String part) {
        return noClasses()
                .that()
                .resideInAPackage(inside(part))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.util.concurrent.ThreadLocalRandom.class, java.security.SecureRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .as(part + " draws no lots but from a seed")
                .because("any run must be repeatable");
    }

    /** A part opens no files. */
    ArchRule opensNoFiles(String part) {
        return noClasses()
                .that()
                .resideInAPackage(inside(part))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.io.File.class,
                        java.io.FileInputStream.class,
                        java.io.FileOutputStream.class,
                        java.io.FileReader.class,
                        java.io.FileWriter.class,
                        java.io.RandomAccessFile.class,
                        java.nio.file.Files.class,
                        java.nio.file.Path.class)
                .as(part + " opens no files")
                .because("storage is a shell's");
    }

    /** Every package says that it is null-marked. */
    ArchRule packagesAreNullMarked() {
        return classes()
                .that(areWrittenByHand())
                .should(beInANullMarkedPackage())
                .because("NullAway checks only what is marked; say it in package-info.java");
    }

    /** No class is a grab-bag; what the JDK itself calls a manager may be called one. */
    ArchRule noGrabBags() {
        return noClasses()
                .that(areWrittenByHand())
                .and()
                .areNotAssignableTo(javax.net.ssl.TrustManager.class)
                .and()
                .areNotAssignableTo(javax.net.ssl.KeyManager.class)
                .should()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .because("such a name says nothing; name what it does");
    }

    /** Nothing static changes. */
    ArchRule nothingStaticChanges() {
        return fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat(areWrittenByHand())
                .and()
                .doNotHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .because("static state that changes is shared by everything in the process");
    }

    /** The QUIC library loads native code as it is initialised, which an executable must do each time that it starts. */
    ArchRule nothingStaticIsOfQuic() {
        return fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat(resideInAPackage(inside("server")))
                .should()
                .notHaveRawType(resideInAPackage("io.netty.incubator.codec.quic.."))
                .because("what is static is made when an executable is built, and the QUIC library only when it runs");
    }

    private String inside(String part) {
        return root + "." + part + "..";
    }

    private DescribedPredicate<JavaClass> areWrittenByHand() {
        return DescribedPredicate.describe(
                "are written by hand", type -> !type.getPackageName().startsWith(root + ".protocol.v1"));
    }

    private static ArchCondition<JavaClass> beInANullMarkedPackage() {
        return new ArchCondition<>("be in a package with @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        type, marked, type.getFullName() + " is in a package without @NullMarked"));
            }
        };
    }
}
