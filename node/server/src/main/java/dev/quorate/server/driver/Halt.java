package dev.quorate.server.driver;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member's emergency stop: after a failed write or a violated invariant nothing may go on, or acknowledged writes could be lost. The first
 * reason counts; the node's owner is told once (a process exits, a test notes it).
 */
public final class Halt {
    private static final Logger LOG = LoggerFactory.getLogger(Halt.class);

    private final String member;
    private final Consumer<String> owner;
    private final AtomicReference<String> reason = new AtomicReference<>();

    public Halt(String member, Consumer<String> owner) {
        this.member = member;
        this.owner = owner;
    }

    public void now(String what, Throwable cause) {
        String words = what + ": " + cause;
        if (reason.compareAndSet(null, words)) {
            LOG.error(
                    "event=halted member={} reason=\"{}\" action=\"the member stops; restart it to recover\"",
                    member,
                    words,
                    cause);
            Thread.ofVirtual().start(() -> owner.accept(words));
        }
    }

    /** The member has no business here any more. Nothing is wrong with it, so the caller says why. */
    public void leave(String why) {
        if (reason.compareAndSet(null, why)) {
            Thread.ofVirtual().start(() -> owner.accept(why));
        }
    }

    public boolean isHalted() {
        return reason.get() != null;
    }

    /** Why, or null. */
    public String reason() {
        return reason.get();
    }
}
