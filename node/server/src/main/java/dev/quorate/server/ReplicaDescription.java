package dev.quorate.server;

import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.PeerProgress;
import dev.quorate.api.ShardInfo;
import dev.quorate.raft.RaftStatus;
import dev.quorate.server.requests.ShardLoads;
import dev.quorate.store.ShardView;
import java.util.Comparator;
import java.util.UUID;

/** What a leader or follower can tell of itself, of its group and of the shards that it has. */
final class ReplicaDescription {
    private final Replica replica;

    ReplicaDescription(Replica replica) {
        this.replica = replica;
    }

    void addTo(NodeDescription.Builder description) {
        RaftStatus status = replica.status();
        description
                .setRole(status.role().name())
                .setTerm(status.term())
                .setLeaderId(status.leader() == null ? "" : status.leader().toString())
                .setCommitIndex(status.commitIndex())
                .setAppliedIndex(replica.appliedIndex())
                .setLastIndex(status.lastIndex())
                .setChangingMembers(!status.membership().outgoing().isEmpty())
                .setGeneration(replica.members().generation())
                .addAllDifferences(replica.scrubber().differences());
        replica.members().all().stream()
                .filter(member -> status.membership().members().contains(UUID.fromString(member.getId())))
                .sorted(Comparator.comparing(Member::getName).thenComparing(Member::getId))
                .forEach(description::addMembers);
        status.membership().learners().forEach(id -> description.addLearnerIds(id.toString()));
        status.progress()
                .forEach((id, progress) -> description.addProgress(PeerProgress.newBuilder()
                        .setMemberId(id.toString())
                        .setMatchIndex(progress.matchIndex())
                        .setActive(progress.recentlyActive())
                        .setCaughtUp(progress.caughtUp())));
        replica.shards().forEach(shard -> description.addShards(info(shard)));
    }

    private ShardInfo.Builder info(ShardView shard) {
        ShardLoads.Load load = replica.requests().loads().of(shard.shard());
        return ShardInfo.newBuilder()
                .setShard(shard.shard())
                .setState(shard.record().getState().name())
                .setMoveId(shard.record().getMoveId())
                .setOperationsPerSecond(load.operationsPerSecond())
                .setBytesPerSecond(load.bytesPerSecond())
                .setIncarnation(shard.record().getIncarnation())
                .setImportComplete(shard.record().getImportComplete());
    }
}
