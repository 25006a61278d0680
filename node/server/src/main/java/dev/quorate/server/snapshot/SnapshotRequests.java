package dev.quorate.server.snapshot;

import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.proto.OfferSnapshot;
import dev.quorate.server.proto.SnapshotChunk;
import dev.quorate.server.proto.SnapshotFile;
import dev.quorate.server.proto.SnapshotPosition;
import dev.quorate.server.transport.MemberIds;
import dev.quorate.store.Checkpoint;
import java.util.UUID;
import java.util.zip.CRC32C;

/** What a sender of a snapshot says. */
public final class SnapshotRequests {
    private SnapshotRequests() {}

    /**
     * What is to come.
     *
     * @param transfer drawn at random for each checkpoint that is sent
     * @param leader in whose name it is sent, and whom the receiver's core will answer
     */
    public static OfferSnapshot offer(long transfer, UUID leader, long raftTerm, Checkpoint checkpoint) {
        SnapshotMeta meta = checkpoint.meta();
        Membership membership = meta.membership();
        OfferSnapshot.Builder offer = OfferSnapshot.newBuilder()
                .setTransfer(transfer)
                .setFrom(MemberIds.encode(leader))
                .setRaftTerm(raftTerm)
                .setIndex(meta.index())
                .setTerm(meta.term());
        membership.voters().forEach(id -> offer.addVoters(MemberIds.encode(id)));
        membership.outgoing().forEach(id -> offer.addOutgoing(MemberIds.encode(id)));
        membership.learners().forEach(id -> offer.addLearners(MemberIds.encode(id)));
        for (Checkpoint.CheckpointFile file : checkpoint.files()) {
            offer.addFiles(SnapshotFile.newBuilder()
                    .setName(file.name())
                    .setSizeBytes(file.sizeBytes())
                    .setCrc32C((int) file.crc32c()));
        }
        return offer.build();
    }

    /**
     * The bytes at a position, with their checksum.
     *
     * @param data not to be changed any more
     */
    public static SnapshotChunk chunk(long transfer, SnapshotPosition position, byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return SnapshotChunk.newBuilder()
                .setTransfer(transfer)
                .setFile(position.getFile())
                .setOffset(position.getOffset())
                .setData(UnsafeByteOperations.unsafeWrap(data))
                .setCrc32C((int) crc.getValue())
                .build();
    }
}
