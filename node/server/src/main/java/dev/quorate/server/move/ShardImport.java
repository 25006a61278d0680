package dev.quorate.server.move;

import dev.quorate.api.Move;
import dev.quorate.server.driver.Commands;
import dev.quorate.server.driver.Outcome;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.map.GroupCalls;
import dev.quorate.server.proto.ExportChunk;
import dev.quorate.server.proto.ExportedChunk;
import dev.quorate.server.proto.Request;
import dev.quorate.server.snapshot.Throttle;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.ShardRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The target's pull of one shard: chunks of rows and of the tail go through the log while the next ones are fetched; then the freeze, and the rest. */
final class ShardImport {
    private static final Logger LOG = LoggerFactory.getLogger(ShardImport.class);
    /** Between these, what a move may bring in about 10 ms: what else the group does waits for so long, and each chunk costs all members something. */
    private static final int CHUNK_BYTES_MIN = 64 << 10;

    private static final int CHUNK_BYTES_MAX = 512 << 10;
    private static final int CHUNKS_A_SECOND = 96;
    private static final int CHUNKS_UNDER_WAY = 8;
    /** A source that came to lead after the freeze reads the whole shard for the digest. */
    private static final Duration CALL_ATTEMPT = Duration.ofSeconds(60);

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(120);
    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(10);
    /** Before a copy that differs from its source is made again. */
    private static final Duration START_OVER_PAUSE = Duration.ofSeconds(1);

    private final RaftDriver driver;
    private final Commands commands;
    private final GroupCalls calls;
    private final Throttle throttle;
    private final Move move;
    private final Queue<CompletableFuture<Outcome>> underWay = new ArrayDeque<>();

    ShardImport(RaftDriver driver, Commands commands, GroupCalls calls, Throttle throttle, Move move) {
        this.driver = driver;
        this.commands = commands;
        this.calls = calls;
        this.throttle = throttle;
        this.move = move;
    }

    /**
     * Goes on from where the import stands. Returns when it is complete, when a chunk was out of place, or when the copy differs from its source and
     * starts over: the record tells what to do. Failures are {@link dev.quorate.server.data.RequestException}; what was imported
     * stays.
     */
    void run(ShardRecord own) throws InterruptedException, TimeoutException {
        long number = own.getNextChunk();
        ExportChunk.Builder wanted = ShardCopy.wanted(move, own, chunkBytes());
        while (true) {
            ExportedChunk chunk = pull(wanted);
            if (ShardCopy.isNews(wanted, chunk)) {
                if (!awaitRoom(CHUNKS_UNDER_WAY - 1)) {
                    return;
                }
                underWay.add(propose(number++, wanted, chunk));
                ShardCopy.goOnAfter(wanted, chunk);
                if (!chunk.getFrozen()) {
                    throttle.take(chunk.getSerializedSize());
                }
            }
            boolean all = ShardCopy.isAll(chunk);
            // What is under way is finished before the freeze, so that only the last of the tail comes after it.
            if (all && !awaitRoom(0)) {
                return;
            }
            if (all && chunk.getFrozen()) {
                complete(number, chunk);
                return;
            }
            wanted.setFreeze(all);
        }
    }

    private int chunkBytes() {
        return Math.clamp(throttle.bytesPerSecond() / CHUNKS_A_SECOND, CHUNK_BYTES_MIN, CHUNK_BYTES_MAX);
    }

    /** Waits until at most so many chunks are under way. False when one was out of place. */
    private boolean awaitRoom(int chunks) throws InterruptedException, TimeoutException {
        while (underWay.size() > chunks) {
            if (!oldestWasNext()) {
                return false;
            }
        }
        return true;
    }

    private ExportedChunk pull(ExportChunk.Builder wanted) {
        return calls.callLeader(
                        move.getFromGroup(),
                        Request.newBuilder().setExportChunk(wanted).build(),
                        CALL_ATTEMPT,
                        CALL_TIMEOUT)
                .getChunk();
    }

    private CompletableFuture<Outcome> propose(long number, ExportChunk.Builder wanted, ExportedChunk chunk) {
        ImportChunk imported = ShardCopy.importChunk(wanted, number, chunk);
        return driver.propose(
                Command.newBuilder().setImportChunk(imported).build().toByteArray());
    }

    private boolean oldestWasNext() throws InterruptedException, TimeoutException {
        try {
            ApplyResult result =
                    Commands.resultOf(underWay.remove().get(LOG_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
            return result instanceof ApplyResult.Shard shard && shard.changed();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private void complete(long chunks, ExportedChunk last) throws InterruptedException {
        ApplyResult result = commands.execute(
                Command.newBuilder()
                        .setCompleteImport(ShardCopy.complete(move, chunks, last))
                        .build(),
                LOG_TIMEOUT);
        if (startedOver(result)) {
            LOG.warn(
                    "event=import_started_over move={} shard={} source={} chunks={} reason=\"the copy differs from its source\"",
                    move.getId(),
                    move.getShard(),
                    move.getFromGroup(),
                    chunks);
            Thread.sleep(START_OVER_PAUSE);
        }
    }

    private static boolean startedOver(ApplyResult result) {
        return result instanceof ApplyResult.Shard shard
                && shard.changed()
                && !shard.shard().record().getImportComplete();
    }
}
