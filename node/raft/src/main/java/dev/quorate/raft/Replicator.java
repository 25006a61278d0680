package dev.quorate.raft;

import dev.quorate.raft.LogView.CompactedException;
import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.InstallSnapshot;
import java.util.List;

/** Sends a leader's log to a peer, as the peer's progress allows (§5.3). */
final class Replicator {
    private final Raft raft;

    Replicator(Raft raft) {
        this.raft = raft;
    }

    /** Sends as many appends as the peer's state allows. True when one of them carried the read context. */
    boolean sendEntries(PeerProgress peer, long readContext) {
        RaftLog log = raft.log();
        boolean carried = false;
        while (!peer.isPaused() && (peer.nextIndex() <= log.lastIndex() || peer.lacksCommit(log.commitIndex()))) {
            long prevLogIndex = peer.nextIndex() - 1;
            try {
                List<Entry> entries =
                        log.entries(peer.nextIndex(), raft.config().maxAppendBytes());
                raft.send(append(peer, prevLogIndex, log.term(prevLogIndex), entries, carried ? 0 : readContext));
                peer.sent(entries, log.commitIndex());
                carried = true;
            } catch (CompactedException e) {
                sendSnapshot(peer);
                return carried;
            }
        }
        return carried;
    }

    /** What the follower needs is no longer in the log (§7). One that is not there gets nothing: a snapshot is too dear for that. */
    private void sendSnapshot(PeerProgress peer) {
        if (!peer.recentlyActive) {
            return;
        }
        SnapshotMeta snapshot = raft.log().snapshotToSend();
        peer.snapshotSent(snapshot.index());
        raft.send(new InstallSnapshot(raft.id(), peer.id, raft.term(), snapshot));
    }

    /**
     * An append without entries, sent whatever the peer's state (§5.2). It also finds out whether the appends before it arrived: a refusal means
     * that one was lost.
     */
    void sendHeartbeat(PeerProgress peer, long readContext) {
        long prevLogIndex = peer.state() == PeerProgress.State.SNAPSHOT ? 0 : peer.nextIndex() - 1;
        long prevLogTerm = 0;
        try {
            prevLogTerm = raft.log().term(prevLogIndex);
        } catch (CompactedException e) {
            // What is in flight has left the log, so it can't be asked for. Every log agrees on its beginning.
            peer.probe();
            prevLogIndex = 0;
        }
        raft.send(append(peer, prevLogIndex, prevLogTerm, List.of(), readContext));
    }

    private AppendEntries append(
            PeerProgress peer, long prevLogIndex, long prevLogTerm, List<Entry> entries, long readContext) {
        return new AppendEntries(
                raft.id(),
                peer.id,
                raft.term(),
                prevLogIndex,
                prevLogTerm,
                entries,
                raft.log().commitIndex(),
                readContext);
    }
}
