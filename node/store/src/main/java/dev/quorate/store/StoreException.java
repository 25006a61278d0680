package dev.quorate.store;

import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Why the store can't do what was asked. What {@link Store#apply} was given took no effect in memory; on disk it may have. */
public final class StoreException extends RuntimeException {
    /** What kind of trouble it is, and so what its caller should do. */
    public enum Kind {
        /** The store, or the view's state, is gone: closed, or replaced by a snapshot. Take a new view. */
        CLOSED,
        /** The disk failed or is full. Nothing is certain any more: stop the process. */
        IO,
        /** What was read is not what was written. Rebuild this replica from its peers. */
        CORRUPT,
        /** A received snapshot is not what was sent; the store is as it was. Fetch it again. */
        BAD_SNAPSHOT
    }

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    private StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    static StoreException closed() {
        return new StoreException(
                Kind.CLOSED, "the store was closed, or replaced by a snapshot, since this view was taken", null);
    }

    static StoreException io(String what, Throwable cause) {
        return new StoreException(Kind.IO, what + ": " + cause.getMessage(), cause);
    }

    static StoreException broken() {
        return new StoreException(
                Kind.IO,
                "the store stopped where an entry could not be applied: open it again, and the log replays",
                null);
    }

    static StoreException of(String what, RocksDBException cause) {
        Status status = cause.getStatus();
        boolean corrupt = status != null && status.getCode() == Status.Code.Corruption;
        return new StoreException(corrupt ? Kind.CORRUPT : Kind.IO, what + ": " + cause.getMessage(), cause);
    }

    static StoreException corrupt(String message) {
        return new StoreException(Kind.CORRUPT, message, null);
    }

    /** For whoever verifies a snapshot. */
    public static StoreException badSnapshot(String message) {
        return new StoreException(Kind.BAD_SNAPSHOT, message, null);
    }
}
