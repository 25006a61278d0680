package dev.quorate.server;

import dev.quorate.server.proto.NodeIdentity;
import dev.quorate.server.snapshot.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the disk of a member that its group removed: all of it goes to {@code archive/ID}, and the directory is an empty one for a new member.
 * Only the last removed member is kept. A crash in the middle is made good by the next start.
 */
final class RemovedMember {
    private static final Logger LOG = LoggerFactory.getLogger(RemovedMember.class);
    /** The identity goes last: while it is there the mark says whose the rest is. */
    private static final List<String> CONTENT =
            List.of("log", "store", "snapshots", "map", "group", "installing", "identity");

    private RemovedMember() {}

    /** Durable on return. */
    static void mark(Path root) throws IOException {
        AtomicFile.write(root.resolve("removed"), new byte[0]);
    }

    /** Archives what a marked member left; without a mark nothing happens. */
    static void archive(Path root) throws IOException {
        Path mark = root.resolve("removed");
        if (!Files.exists(mark)) {
            return;
        }
        byte[] identity = AtomicFile.read(root.resolve("identity"));
        if (identity != null) {
            String id = NodeIdentity.parseFrom(identity).getMemberId();
            Path archive = root.resolve("archive").resolve(id);
            if (!Files.exists(archive)) {
                Directories.delete(root.resolve("archive"));
                Files.createDirectories(archive);
            }
            for (String name : CONTENT) {
                if (Files.exists(root.resolve(name))) {
                    Files.move(root.resolve(name), archive.resolve(name));
                }
            }
            AtomicFile.syncDirectory(archive);
            LOG.warn(
                    "event=member_archived id={} archive={} reason=\"its group removed it\" action=\"delete the archive"
                            + " when nobody needs it; this directory makes a new member\"",
                    id,
                    archive);
        }
        AtomicFile.delete(mark);
    }
}
