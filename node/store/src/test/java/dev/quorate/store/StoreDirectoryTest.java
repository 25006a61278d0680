package dev.quorate.store;

import static dev.quorate.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash at every step of a replacement: the old state or the new one, never neither and never a mixture. */
class StoreDirectoryTest {
    @TempDir
    Path temporary;

    private Path root;
    private Path incoming;
    private StoreDirectory directory;

    /** The store says "old"; a complete snapshot that says "new" has come. */
    @BeforeEach
    void prepare() throws IOException {
        root = temporary.resolve("store");
        incoming = root.resolve("incoming");
        directory = new StoreDirectory(root);
        try (TestStore old = TestStore.owning(root, 1)) {
            old.write(put("k", "old"));
        }
        try (TestStore sender = TestStore.owning(temporary.resolve("sender"), 1)) {
            sender.write(put("k", "old"));
            sender.write(put("k", "new"));
            sender.store.checkpoint(incoming);
        }
    }

    private void assertOpensWith(String value) {
        try (TestStore store = TestStore.open(root)) {
            assertThat(store.value("k")).isEqualTo(value);
        }
        assertThat(root.toFile().list()).isSubsetOf(List.of("current", "incoming"));
    }

    @Test
    void beforeTheDecisionItIsTheOldOne() {
        assertOpensWith("old");
    }

    @Test
    void fromTheDecisionOnItIsTheNewOne() {
        directory.stage(incoming);
        assertOpensWith("new");
    }

    @Test
    void afterTheOldOneIsOutOfTheWay() throws IOException {
        directory.stage(incoming);
        directory.retire();
        assertThat(directory.current()).doesNotExist();
        assertOpensWith("new");
    }

    @Test
    void afterTheNewOneIsInPlace() throws IOException {
        directory.stage(incoming);
        directory.retire();
        directory.promote();
        assertOpensWith("new");
    }

    @Test
    void inTheMiddleOfDeletingTheOldOne() throws IOException {
        directory.stage(incoming);
        directory.retire();
        directory.promote();
        Files.delete(root.resolve("previous/CURRENT"));
        assertOpensWith("new");
    }

    @Test
    void whenAnEarlierReplacementLeftItsOldOne() throws IOException {
        Files.createDirectories(root.resolve("previous/rest"));
        directory.stage(incoming);
        assertOpensWith("new");
    }

    @Test
    void theDecisionIsCarriedOutOnce() {
        directory.stage(incoming);
        directory.recover();
        directory.recover();
        assertOpensWith("new");
    }

    @Test
    void aStoreThatLostItsCurrentFileIsRefusedInsteadOfEmptied() throws IOException {
        Files.delete(root.resolve("current/CURRENT"));
        assertThatThrownBy(() -> Store.open(root, StoreOptions.defaults()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT))
                .hasMessageContaining("rebuild this replica from its peers");
    }

    @Test
    void aStoreIsOpenedOnce() {
        try (TestStore store = TestStore.open(root)) {
            assertThatThrownBy(() -> Store.open(root, StoreOptions.defaults())).isInstanceOf(StoreException.class);
            assertThat(store.value("k")).isEqualTo("old");
        }
    }
}
