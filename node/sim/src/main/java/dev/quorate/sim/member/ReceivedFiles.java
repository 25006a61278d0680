package dev.quorate.sim.member;

import dev.quorate.server.snapshot.SnapshotFiles;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.MemoryStorage;
import dev.quorate.store.StoreException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** What a member has received of snapshots, as files in memory. They are gone with the process, as the node deletes them at its start. */
final class ReceivedFiles implements SnapshotFiles {
    private final TreeMap<Path, byte[]> contents = new TreeMap<>();

    @Override
    public void create(Path directory, List<String> names) {
        names.forEach(name -> contents.put(directory.resolve(name), new byte[0]));
    }

    @Override
    public void write(Path file, byte[] data, long offset) {
        byte[] before = contents.get(file);
        byte[] after = Arrays.copyOf(before, Math.max(before.length, (int) offset + data.length));
        System.arraycopy(data, 0, after, (int) offset, data.length);
        contents.put(file, after);
    }

    @Override
    public void delete(Path directory) {
        contents.keySet().removeIf(file -> file.startsWith(directory));
    }

    /** Flips a bit of what was received, if there is any. */
    void rot(Checkpoint received, SplittableRandom random) {
        List<byte[]> some =
                contentsOf(received).stream().filter(bytes -> bytes.length > 0).toList();
        if (!some.isEmpty()) {
            Damage.flip(some.get(random.nextInt(some.size())), random);
        }
    }

    /** What the node checks of its files, before the core hears of them. */
    void verify(Checkpoint received) {
        for (Checkpoint.CheckpointFile file : received.files()) {
            byte[] content = contents.get(received.directory().resolve(file.name()));
            if (content.length != file.sizeBytes() || SnapshotImage.crc32c(content) != file.crc32c()) {
                throw StoreException.badSnapshot(file.name() + " is not what was sent");
            }
        }
    }

    MemoryStorage.Image read(Checkpoint received) {
        return SnapshotImage.decode(received.meta(), contentsOf(received));
    }

    private List<byte[]> contentsOf(Checkpoint received) {
        return received.files().stream()
                .map(file -> contents.get(received.directory().resolve(file.name())))
                .toList();
    }
}
