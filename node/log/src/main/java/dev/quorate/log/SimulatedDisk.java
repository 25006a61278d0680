package dev.quorate.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk that forgets. Reads see what was written last; a power loss keeps what was forced, and of anything else a random choice, sector by
 * sector: each sector is as of any moment since its last force. Names behave alike. Faults can be asked for. For simulations and tests; not safe for
 * more than one thread.
 */
public final class SimulatedDisk {
    static final int SECTOR_BYTES = 512;
    private static final Path NAME = Path.of("simulated");

    private final Random random;
    private Map<String, Content> names = new TreeMap<>();
    private Map<String, Content> durableNames = new TreeMap<>();
    private final List<NameChange> nameChanges = new ArrayList<>();
    private Object holder;
    private int operationsLeft = Integer.MAX_VALUE;
    private int forcesLeft = Integer.MAX_VALUE;
    private int writesLeft = Integer.MAX_VALUE;
    private long spaceBytes = Long.MAX_VALUE;
    int forces;
    int writes;

    public SimulatedDisk(long seed) {
        random = new Random(seed);
    }

    /** The power goes at the n-th operation from now: that one is done in part or not at all, and those after it fail. */
    public void losePowerAfter(int operations) {
        operationsLeft = operations;
    }

    /** The n-th force from now fails; some of what it should have written is not, and the kernel takes it for clean. */
    public void failForceAfter(int forces) {
        forcesLeft = forces;
    }

    /** The n-th write from now finds the disk full, after a part of it. */
    void failWriteAsFullAfter(int writes) {
        writesLeft = writes;
    }

    /** Bytes by which files may still grow. */
    public void limitSpace(long bytes) {
        spaceBytes = bytes;
    }

    public void unlimitSpace() {
        spaceBytes = Long.MAX_VALUE;
    }

    /** The process dies; what it wrote is still in the page cache. */
    public void killProcess() {
        holder = null;
        operationsLeft = Integer.MAX_VALUE;
        forcesLeft = Integer.MAX_VALUE;
        writesLeft = Integer.MAX_VALUE;
    }

    public void losePower() {
        killProcess();
        for (NameChange change : nameChanges) {
            if (random.nextBoolean()) {
                change.apply(durableNames);
            }
        }
        nameChanges.clear();
        names = new TreeMap<>(durableNames);
        names.values().forEach(Content::losePower);
    }

    /** The bytes of a file, as a reader sees them. */
    byte[] bytes(String name) {
        Content content = names.get(name);
        return Arrays.copyOf(content.cached, content.size);
    }

    /** Replaces a file's content, in the cache and on the medium. */
    void damage(String name, byte[] bytes) {
        Content content = new Content();
        content.cached = Arrays.copyOf(bytes, Content.roundUp(bytes.length));
        content.durable = content.cached.clone();
        content.size = bytes.length;
        content.durableSize = bytes.length;
        names.put(name, content);
        durableNames.put(name, content);
    }

    /** Flips a bit under a process that has the file open. */
    void rot(String name, int offset) {
        names.get(name).cached[offset] ^= 1;
    }

    /**
     * Flips a bit on the medium, in something that the log itself later recorded as durable: its reader must notice, for this is no torn tail.
     *
     * @return false when there is no such byte yet
     */
    public boolean rotDurable() {
        List<Content> candidates = names.values().stream()
                .filter(content -> content.confirmedEnd > 0)
                .toList();
        if (candidates.isEmpty()) {
            return false;
        }
        Content content = candidates.get(random.nextInt(candidates.size()));
        content.flip(random.nextInt(content.confirmedEnd), 1 << random.nextInt(8));
        return true;
    }

    void remove(String name) {
        names.remove(name);
        durableNames.remove(name);
    }

    List<String> names() {
        return List.copyOf(names.keySet());
    }

    public LogDirectory open() throws IOException {
        if (holder != null) {
            throw new LogLockedException(NAME);
        }
        Directory directory = new Directory();
        holder = directory;
        return directory;
    }

    private record NameChange(String from, String to, Content content) {
        void apply(Map<String, Content> names) {
            if (from != null) {
                names.remove(from);
            }
            if (to != null) {
                names.put(to, content);
            }
        }
    }

    private final class Content {
        byte[] cached = new byte[0];
        byte[] durable = new byte[0];
        int size;
        int durableSize;
        /** Where the last write ended, and where it had at the last force. */
        int writtenEnd;

        int forcedEnd;
        /** Where the last write had ended at the force before that: what was written since tells that it was durable. */
        int confirmedEnd;
        /** What each sector was after each write since it was forced. */
        final Map<Integer, List<byte[]>> dirty = new HashMap<>();

        void write(ByteBuffer source, int offset) {
            int end = offset + source.remaining();
            if (end > cached.length) {
                cached = Arrays.copyOf(cached, Math.max(roundUp(end), 2 * cached.length));
            }
            source.get(cached, offset, end - offset);
            size = Math.max(size, end);
            writtenEnd = end;
            if (offset == 0) {
                forcedEnd = 0;
                confirmedEnd = 0;
            }
            for (int sector = offset / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
                dirty.computeIfAbsent(sector, s -> new ArrayList<>()).add(sector(sector));
            }
        }

        private byte[] sector(int sector) {
            return Arrays.copyOfRange(cached, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
        }

        private void keep(int sector, byte[] bytes) {
            if (durable.length < cached.length) {
                durable = Arrays.copyOf(durable, cached.length);
            }
            System.arraycopy(bytes, 0, durable, sector * SECTOR_BYTES, SECTOR_BYTES);
        }

        void force(boolean all) {
            dirty.forEach((sector, versions) -> {
                if (all || random.nextBoolean()) {
                    keep(sector, versions.getLast());
                }
            });
            if (all && !dirty.isEmpty()) {
                confirmedEnd = forcedEnd;
                forcedEnd = writtenEnd;
            }
            dirty.clear();
            durableSize = size;
        }

        void flip(int offset, int bit) {
            cached[offset] ^= (byte) bit;
            if (offset < durable.length) {
                durable[offset] ^= (byte) bit;
            }
        }

        void losePower() {
            boolean keepsSize = random.nextBoolean();
            Set<Integer> sectors = new HashSet<>(dirty.keySet());
            for (int sector : sectors) {
                List<byte[]> versions = dirty.get(sector);
                int kept = random.nextInt(versions.size() + 1);
                if (kept > 0) {
                    keep(sector, versions.get(kept - 1));
                }
            }
            dirty.clear();
            size = keepsSize ? size : durableSize;
            durableSize = size;
            confirmedEnd = Math.min(confirmedEnd, size);
            cached = Arrays.copyOf(Arrays.copyOf(durable, size), roundUp(size));
            durable = cached.clone();
        }

        private static int roundUp(int bytes) {
            return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
        }
    }

    private final class Directory implements LogDirectory {
        private void requirePower() throws IOException {
            if (holder != this) {
                throw new IOException("this process is dead");
            }
            if (operationsLeft <= 0) {
                throw new IOException("no power");
            }
        }

        /** Counts an operation; false when the power goes just now. */
        private boolean powered() throws IOException {
            requirePower();
            return --operationsLeft > 0;
        }

        private void change(String from, String to, Content content) throws IOException {
            boolean powered = powered();
            NameChange change = new NameChange(from, to, content);
            change.apply(names);
            nameChanges.add(change);
            if (!powered) {
                requirePower();
            }
        }

        private Content content(String name) throws IOException {
            requirePower();
            Content content = names.get(name);
            if (content == null) {
                throw new IOException("no such file: " + name);
            }
            return content;
        }

        @Override
        public List<String> list() throws IOException {
            requirePower();
            return names();
        }

        @Override
        public SegmentFile open(String name) throws IOException {
            return new File(this, content(name));
        }

        @Override
        public SegmentFile create(String name) throws IOException {
            if (names.containsKey(name)) {
                throw new IOException("file exists: " + name);
            }
            Content content = new Content();
            change(null, name, content);
            return new File(this, content);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            change(from, to, content(from));
        }

        @Override
        public void delete(String name) throws IOException {
            content(name);
            change(name, null, null);
        }

        @Override
        public void sync() throws IOException {
            if (!powered()) {
                requirePower();
            }
            durableNames = new TreeMap<>(names);
            nameChanges.clear();
        }

        @Override
        public String describe(String name) {
            return NAME.resolve(name).toString();
        }

        @Override
        public void close() {
            if (holder == this) {
                holder = null;
            }
        }
    }

    private final class File implements SegmentFile {
        private final Directory directory;
        private final Content content;
        private boolean closed;

        File(Directory directory, Content content) {
            this.directory = directory;
            this.content = content;
        }

        private void requireOpen() throws IOException {
            if (closed) {
                throw new IOException("closed");
            }
        }

        @Override
        public void read(ByteBuffer target, long offset) throws IOException {
            requireOpen();
            directory.requirePower();
            int count = Math.clamp(content.size - offset, 0, target.remaining());
            target.put(content.cached, (int) offset, count);
        }

        @Override
        public void write(ByteBuffer source, long offset) throws IOException {
            requireOpen();
            boolean powered = directory.powered();
            writes++;
            boolean full = --writesLeft == 0 || offset + source.remaining() - content.size > spaceBytes;
            long before = content.size;
            if (!powered || full) {
                source.limit(source.position()
                        + random.nextInt((int) Math.min(source.remaining(), Math.max(0, spaceBytes)) + 1));
            }
            content.write(source, (int) offset);
            spaceBytes -= content.size - before;
            if (!powered) {
                directory.requirePower();
            }
            if (full) {
                throw new LogFullException("simulated", new IOException("No space left on device"));
            }
        }

        @Override
        public void force() throws IOException {
            requireOpen();
            if (!directory.powered()) {
                directory.requirePower();
            }
            forces++;
            boolean fails = --forcesLeft == 0;
            content.force(!fails);
            if (fails) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public long size() {
            return content.size;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
