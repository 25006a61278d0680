package dev.quorate.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house of docs/architecture.md: who may import whom, and what the consensus core must not see. */
class HouseTest {
    private static final Path ROOT = Path.of(System.getProperty("quorate.root"));

    /** Module folder by root package, and the root packages of ours that it may import. */
    private record Room(String folder, Set<String> mayImport) {}

    private static final Map<String, Room> HOUSE = new LinkedHashMap<>();

    static {
        HOUSE.put("crds", new Room("crds", Set.of()));
        HOUSE.put("api", new Room("client", Set.of()));
        HOUSE.put("client", new Room("client", Set.of("api")));
        HOUSE.put("mapreduce", new Room("mapreduce", Set.of("api", "client")));
        HOUSE.put("history", new Room("node/history", Set.of()));
        HOUSE.put("raft", new Room("node/raft", Set.of()));
        HOUSE.put("log", new Room("node/log", Set.of("raft")));
        HOUSE.put("store", new Room("node/store", Set.of("raft", "api")));
        HOUSE.put("server", new Room("node/server", Set.of("api", "client", "raft", "log", "store")));
        HOUSE.put("sim", new Room("node/sim", Set.of("api", "raft", "log", "store", "server")));
        HOUSE.put("app", new Room("node/app", Set.of("api", "client", "server")));
        HOUSE.put("control", new Room("control", Set.of("api", "client")));
        HOUSE.put("operator", new Room("operator", Set.of("crds", "api", "client", "mapreduce", "control")));
        HOUSE.put(
                "cli",
                new Room("cli", Set.of("history", "sim", "crds", "api", "client", "mapreduce", "server", "control")));
        HOUSE.put(
                "bench",
                new Room(
                        "bench",
                        Set.of(
                                "api",
                                "client",
                                "mapreduce",
                                "server",
                                "sim",
                                "control",
                                "cli",
                                "raft",
                                "log",
                                "store")));
    }

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        List<Path> folders = HOUSE.values().stream()
                .map(room -> ROOT.resolve(room.folder()).resolve("target/classes"))
                .distinct()
                .filter(Files::isDirectory)
                .toList();
        classes = new ClassFileImporter().importPaths(folders);
        assertThat(classes).as("compiled classes below " + ROOT).isNotEmpty();
    }

    static Stream<String> rooms() {
        return HOUSE.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aModuleImportsOnlyWhatTheDesignAllows(String room) {
        Set<String> allowed = HOUSE.get(room).mayImport();
        String[] forbidden = HOUSE.keySet().stream()
                .filter(other -> !other.equals(room) && !allowed.contains(other))
                .map(other -> "dev.quorate." + other + "..")
                .toArray(String[]::new);
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage("dev.quorate." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .allowEmptyShould(true);
        rule.check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.quorate.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void theConsensusCoreSeesNoThreadsNoInputOrOutputNoClockNoRandomnessAndNoLogger() {
        pure(noClasses().that().resideInAPackage("dev.quorate.raft.."));
    }

    /** All of control but its loop, its ports and what speaks with the nodes. */
    @Test
    void planningIsPure() {
        pure(noClasses()
                .that()
                .resideInAPackage("dev.quorate.control..")
                .and()
                .haveSimpleNameNotStartingWith("ControlLoop")
                .and()
                .haveSimpleNameNotStartingWith("AdminDatabase"));
    }

    /** The scheduler of MapReduce jobs. */
    @Test
    void schedulingIsPure() {
        pure(noClasses().that().resideInAPackage("dev.quorate.mapreduce.schedule.."));
    }

    private static void pure(GivenClassesConjunction noneOfThem) {
        noneOfThem
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.net..",
                        "java.time..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "org.slf4j..",
                        "io.grpc..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .check(classes);
    }

    @Test
    void everyPackageHasItsManual() throws IOException {
        try (Stream<Path> sources = Files.walk(ROOT)) {
            List<Path> bare = sources.filter(path -> path.toString().matches(".*/src/main/java/dev/quorate/.*\\.java"))
                    .map(Path::getParent)
                    .distinct()
                    .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                    .toList();
            assertThat(bare).isEmpty();
        }
    }

    @Test
    void allOfOursIsInAKnownRoom() {
        Set<String> known = HOUSE.keySet();
        List<String> strangers = classes.stream()
                .map(c -> c.getPackage())
                .map(JavaPackage::getName)
                .distinct()
                .filter(name -> name.startsWith("dev.quorate."))
                .filter(name -> !known.contains(name.split("\\.")[2]))
                .toList();
        assertThat(strangers).isEmpty();
    }
}
