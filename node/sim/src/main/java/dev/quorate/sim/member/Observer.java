package dev.quorate.sim.member;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Message;
import dev.quorate.raft.Ready;
import dev.quorate.store.ApplyResult;
import java.util.List;

/** Sees everything that members do, as it happens. */
public interface Observer {
    /** A process began to run on what it found on its disk: these are all entries of its log. */
    default void started(Member member, List<Entry> recovered) {}

    /** The core has handled one thing: {@link Member#status} is new. */
    default void stepped(Member member) {}

    /** The core handed this out, and {@link Member#coreLog} follows. */
    default void handedOut(Member member, Ready ready) {}

    /** The core's clock went on by a tick. */
    default void ticked(Member member) {}

    /** A turn has ended: {@link Member#coreLog} is what the core has. */
    default void turned(Member member) {}

    /** A message leaves the member. */
    default void sent(Member member, Message message) {}

    /** The core gets a message. */
    default void received(Member member, Message message) {}

    /** All that was handed to the writer is durable: {@link Member#durableLog} and {@link Member#durableState} are new. */
    default void synced(Member member) {}

    /** The state machine moved by this entry. */
    default void applied(Member member, Entry entry, ApplyResult result) {}

    /** The state machine was replaced by a snapshot's. */
    default void installed(Member member) {}

    /** The core took a read. */
    default void readAsked(Member member, long readId) {}

    /** A read may be served from the state machine at this index or a later one. */
    default void readConfirmed(Member member, long readId, long index) {}

    /** The core gave a read up. */
    default void readLost(Member member, long readId) {}

    /** The process is gone. */
    default void stopped(Member member) {}

    /** Faults have long stopped, and nothing new is asked for. */
    default void atEnd() {}
}
