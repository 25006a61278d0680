package dev.quorate.server;

import dev.quorate.api.Member;
import dev.quorate.raft.Message;
import dev.quorate.raft.RaftStatus;
import dev.quorate.server.driver.PeerNetwork;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.snapshot.SnapshotCourier;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerLink;
import dev.quorate.server.transport.Self;
import dev.quorate.server.transport.Sockets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** The links to the other members of the group, by id. They follow the members: see {@link #update}. */
final class GroupLinks implements PeerNetwork, SnapshotCourier.Group, AutoCloseable {
    private record Peer(PeerAddress address, PeerLink link) {}

    private final Sockets sockets;
    private final Self self;
    private final Consumer<String> onRemoved;
    private volatile Map<UUID, Peer> peers = Map.of();
    private volatile RaftDriver driver;
    private volatile SnapshotCourier courier;
    private boolean closed;

    /** @param onRemoved told, in words, when a peer says that this member was removed from the group */
    GroupLinks(Sockets sockets, Self self, Consumer<String> onRemoved) {
        this.sockets = sockets;
        this.self = self;
        this.onRemoved = onRemoved;
    }

    /** Before the driver starts. */
    void attach(RaftDriver newDriver, SnapshotCourier newCourier) {
        driver = newDriver;
        courier = newCourier;
    }

    /** Connects to who is new or has moved, and leaves who is gone. */
    synchronized void update(Collection<Member> members) {
        if (closed) {
            return;
        }
        Map<UUID, Peer> next = new HashMap<>();
        for (Member member : members) {
            if (!member.getId().equals(self.memberId())) {
                UUID id = UUID.fromString(member.getId());
                PeerAddress address = PeerAddress.of(self.groupId(), member);
                Peer known = peers.get(id);
                next.put(
                        id,
                        known != null && known.address().equals(address)
                                ? known
                                : new Peer(address, new PeerLink(sockets, self, address, () -> lost(id), onRemoved)));
            }
        }
        Map<UUID, Peer> before = peers;
        peers = Map.copyOf(next);
        before.forEach((id, peer) -> {
            if (next.get(id) != peer) {
                peer.link().close();
            }
        });
    }

    @Override
    public boolean send(Message message) {
        Peer peer = peers.get(message.to());
        return peer != null && peer.link().send(message);
    }

    @Override
    public void flush() {
        peers.values().forEach(peer -> peer.link().flush());
    }

    private void lost(UUID peer) {
        RaftDriver attached = driver;
        if (attached != null) {
            attached.connectionLost(peer);
        }
    }

    @Override
    public void sendSnapshot(UUID id, long term, long minIndex) {
        courier.send(id, term, minIndex);
    }

    @Override
    public Map<UUID, RaftStatus.Progress> progress() {
        return driver.status().progress();
    }

    @Override
    public long appliedIndex() {
        return driver.appliedIndex();
    }

    @Override
    public PeerAddress address(UUID member) {
        Peer peer = peers.get(member);
        return peer == null ? null : peer.address();
    }

    @Override
    public void snapshotSent(UUID member, boolean delivered) {
        driver.snapshotSent(member, delivered);
    }

    @Override
    public synchronized void close() {
        closed = true;
        peers.values().forEach(peer -> peer.link().close());
    }
}
