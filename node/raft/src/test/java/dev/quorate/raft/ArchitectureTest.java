package dev.quorate.raft;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The core is a pure state machine: the same calls give the same answers, so that a failure can be replayed. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.quorate.raft");

    @Test
    void theCoreDependsOnNothingButItselfAndPlainCollections() {
        noClasses()
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                        "dev.quorate.raft",
                        "java.lang",
                        "java.lang.runtime",
                        "java.lang.invoke",
                        "java.util",
                        "java.util.function",
                        "java.util.stream"))
                .because("it has no threads, no I/O, no clock (java.time) and no logger")
                .check(CORE);
    }

    @Test
    void theCoreHasNoThreadsClocksOrRandomness() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Thread.class,
                        ThreadLocal.class,
                        Process.class,
                        java.util.Random.class,
                        java.util.SplittableRandom.class,
                        java.util.Timer.class,
                        java.util.Date.class)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CORE);
    }

    @Test
    void theCoreHasNoStaticState() {
        for (JavaClass type : CORE.that(resideInAnyPackage("dev.quorate.raft"))) {
            assertThat(type.getFields())
                    .filteredOn(field ->
                            field.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.STATIC))
                    .allMatch(field ->
                            field.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.FINAL));
        }
        assertThat(CORE).isNotEmpty();
    }
}
