package dev.quorate.server;

import dev.quorate.api.Member;
import dev.quorate.raft.Message;
import dev.quorate.server.driver.PeerNetwork;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.snapshot.SnapshotSender;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerLink;
import dev.quorate.server.transport.Self;
import dev.quorate.server.transport.Sockets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The other members of the group, by id: where they are and the links to them. */
final class GroupLinks implements PeerNetwork, AutoCloseable {
    private final Map<UUID, PeerAddress> addresses = new HashMap<>();
    private final Map<UUID, PeerLink> links = new HashMap<>();
    private final SnapshotSender snapshots;
    private RaftDriver driver;

    GroupLinks(Sockets sockets, Self self, Iterable<Member> members, SnapshotSender snapshots) {
        this.snapshots = snapshots;
        for (Member member : members) {
            if (!member.getId().equals(self.memberId())) {
                UUID id = UUID.fromString(member.getId());
                PeerAddress address = PeerAddress.of(self.groupId(), member);
                addresses.put(id, address);
                links.put(id, new PeerLink(sockets, self, address));
            }
        }
    }

    /** Whom to tell of the end of a snapshot; set before the driver starts. */
    void attach(RaftDriver newDriver) {
        driver = newDriver;
    }

    @Override
    public boolean send(Message message) {
        PeerLink link = links.get(message.to());
        return link != null && link.send(message);
    }

    @Override
    public void flush() {
        links.values().forEach(PeerLink::flush);
    }

    @Override
    public void sendSnapshot(UUID peer, long term) {
        PeerAddress address = addresses.get(peer);
        if (address == null) {
            driver.snapshotSent(peer, false);
        } else {
            snapshots.send(peer, address, term, driver);
        }
    }

    @Override
    public void close() {
        links.values().forEach(PeerLink::close);
    }
}
