package dev.quorate.server.move;

import com.google.protobuf.ByteString;
import dev.quorate.api.Move;
import dev.quorate.server.driver.Commands;
import dev.quorate.server.driver.Outcome;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.map.GroupCalls;
import dev.quorate.server.proto.ExportChunk;
import dev.quorate.server.proto.ExportedChunk;
import dev.quorate.server.proto.Request;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.CompleteImport;
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

/** The target's pull of one shard: chunks go through the log while the next ones are fetched. */
final class ShardImport {
    private static final Logger LOG = LoggerFactory.getLogger(ShardImport.class);
    private static final int CHUNK_BYTES = 512 << 10;
    private static final int CHUNKS_UNDER_WAY = 4;
    /** The last chunk's answer comes with a digest, for which the source reads the whole shard. */
    private static final Duration CALL_ATTEMPT = Duration.ofSeconds(60);

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(120);
    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(10);
    /** Before a copy that differs from its source is made again. */
    private static final Duration START_OVER_PAUSE = Duration.ofSeconds(1);

    private final RaftDriver driver;
    private final Commands commands;
    private final GroupCalls calls;
    private final Move move;
    private final Queue<CompletableFuture<Outcome>> underWay = new ArrayDeque<>();

    ShardImport(RaftDriver driver, Commands commands, GroupCalls calls, Move move) {
        this.driver = driver;
        this.commands = commands;
        this.calls = calls;
        this.move = move;
    }

    /**
     * Goes on from where the import stands. Returns when it is complete, when a chunk was out of place, or when the copy differs from its source and
     * starts over: the record tells what to do. Failures are {@link dev.quorate.server.data.RequestException}; what was imported
     * stays.
     */
    void run(ShardRecord own) throws InterruptedException, TimeoutException {
        long number = own.getNextChunk();
        ByteString after = number == 0 ? ByteString.EMPTY : own.getResumeAfter();
        while (true) {
            ExportedChunk chunk = pull(after);
            if (chunk.getRowsCount() > 0) {
                while (underWay.size() >= CHUNKS_UNDER_WAY) {
                    if (!oldestWasNext()) {
                        return;
                    }
                }
                underWay.add(propose(number++, chunk));
                after = ShardExport.lastKey(chunk);
            }
            if (chunk.getLast()) {
                while (!underWay.isEmpty()) {
                    if (!oldestWasNext()) {
                        return;
                    }
                }
                complete(number, chunk);
                return;
            }
        }
    }

    private ExportedChunk pull(ByteString after) {
        return calls.callLeader(
                        move.getFromGroup(),
                        Request.newBuilder()
                                .setExportChunk(ExportChunk.newBuilder()
                                        .setShard(move.getShard())
                                        .setMoveId(move.getId())
                                        .setAfter(after)
                                        .setMaxBytes(CHUNK_BYTES))
                                .build(),
                        CALL_ATTEMPT,
                        CALL_TIMEOUT)
                .getChunk();
    }

    private CompletableFuture<Outcome> propose(long number, ExportedChunk chunk) {
        ImportChunk imported = ImportChunk.newBuilder()
                .setShard(move.getShard())
                .setMoveId(move.getId())
                .setNumber(number)
                .addAllRows(chunk.getRowsList())
                .build();
        return driver.propose(
                        Command.newBuilder().setImportChunk(imported).build().toByteArray())
                .outcome();
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
                        .setCompleteImport(CompleteImport.newBuilder()
                                .setShard(move.getShard())
                                .setMoveId(move.getId())
                                .setChunks(chunks)
                                .setDigest(last.getDigest())
                                .setVersionCounter(last.getVersionCounter())
                                .setClockMillis(last.getClockMillis())
                                .setSessionCounter(last.getSessionCounter())
                                .setSessionCount(last.getSessionCount()))
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
