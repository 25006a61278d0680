package dev.quorate.sim.invariant;

import dev.quorate.raft.Message;
import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.RaftStatus;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.member.Surroundings;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;

/**
 * A member that heard of its leader within an election timeout, or leads, is taken to no later term by a candidate that the leader did not ask (end of §6;
 * §4.2.3 of the dissertation). Else a member that was cut off, or was removed, could depose one leader after the other.
 */
public final class LeaderUndisturbed implements Observer {
    /** When a member last heard of its leader, on its own clock. */
    private static final class Contact {
        long ticks;
        long heardAt = Long.MIN_VALUE / 2;
        int life;
    }

    private final Map<Member, Contact> contacts = new HashMap<>();
    /** The term of the member that is handling a vote request that must not disturb it; 0 for none. */
    private long undisturbedTerm;

    @Override
    public void ticked(Member member) {
        contact(member).ticks++;
    }

    @Override
    public void received(Member member, Message message) {
        Contact contact = contact(member);
        switch (message) {
            case RequestVote request
            when !request.transfer() && isSettled(member, contact) ->
                undisturbedTerm = member.status().term();
            case AppendEntries append when append.term() >= member.status().term() -> contact.heardAt = contact.ticks;
            case InstallSnapshot install
            when install.term() >= member.status().term() -> contact.heardAt = contact.ticks;
            default -> {}
        }
    }

    private static boolean isSettled(Member member, Contact contact) {
        RaftStatus status = member.status();
        boolean follows = status.role() == RaftStatus.Role.FOLLOWER
                && status.leader() != null
                && contact.ticks - contact.heardAt < Surroundings.ELECTION_TICKS;
        return follows || member.isLeader();
    }

    @Override
    public void stepped(Member member) {
        if (undisturbedTerm != 0 && member.status().term() != undisturbedTerm) {
            throw new Violation(
                    "leaders undisturbed",
                    member + " had a leader in term " + undisturbedTerm + ", and a candidate took it to term "
                            + member.status().term());
        }
        undisturbedTerm = 0;
    }

    private Contact contact(Member member) {
        Contact contact = contacts.computeIfAbsent(member, each -> new Contact());
        if (contact.life != member.life()) {
            contact = new Contact();
            contact.life = member.life();
            contacts.put(member, contact);
        }
        return contact;
    }
}
