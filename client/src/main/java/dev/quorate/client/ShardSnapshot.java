package dev.quorate.client;

import com.google.protobuf.ByteString;
import dev.quorate.api.CloseSnapshotRequest;
import dev.quorate.api.DataRequest;
import dev.quorate.api.ScanRequest;
import java.util.concurrent.TimeUnit;

/**
 * A shard as it was at one moment, held by one of its members until this is closed, or until nobody has asked for a page for two minutes. When that member goes, so does the
 * snapshot: pages then fail with a {@link QuorateException}, and the caller begins anew with another. For one thread.
 */
public final class ShardSnapshot implements AutoCloseable {
    /** A member that does not answer for so long has most likely started anew, and the snapshot with it. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Router router;
    private final Endpoint holder;
    private final int shard;
    private final long id;

    ShardSnapshot(Router router, Endpoint holder, int shard, long id) {
        this.router = router;
        this.holder = holder;
        this.shard = shard;
        this.id = id;
    }

    /** The member that holds it. */
    public Endpoint holder() {
        return holder;
    }

    /**
     * One page, in key order.
     *
     * @param prefix of the keys wanted; empty for all
     * @param after the last key of the page before; empty for the first page
     * @param limit most entries, 1..1000; there may be fewer, also when there are more
     */
    public KvClient.Page scan(byte[] prefix, byte[] after, int limit) {
        ScanRequest request = ScanRequest.newBuilder()
                .setShard(shard)
                .setSnapshot(id)
                .setPrefix(ByteString.copyFrom(prefix))
                .setAfter(ByteString.copyFrom(after))
                .setLimit(limit)
                .build();
        return KvClient.page(router.callNode(
                        holder, () -> DataRequest.newBuilder().setScan(request), System.nanoTime() + PATIENCE_NANOS)
                .getScan());
    }

    @Override
    public void close() {
        try {
            CloseSnapshotRequest request =
                    CloseSnapshotRequest.newBuilder().setSnapshot(id).build();
            router.callNode(
                    holder, () -> DataRequest.newBuilder().setCloseSnapshot(request), System.nanoTime() + CLOSE_NANOS);
        } catch (QuorateException e) {
            // the member is away, and gives the snapshot up by itself
        }
    }
}
