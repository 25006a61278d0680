package dev.quorate.store;

import static dev.quorate.store.Commands.CLIENT;
import static dev.quorate.store.Commands.call;
import static dev.quorate.store.Commands.evictSessions;
import static dev.quorate.store.Commands.increment;
import static dev.quorate.store.Commands.once;
import static dev.quorate.store.Commands.openSession;
import static dev.quorate.store.Commands.put;
import static dev.quorate.store.Commands.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Put;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final MemoryStorage storage = new MemoryStorage();
    private TestStore store;
    private long incarnation;

    @BeforeEach
    void open() {
        store = TestStore.open(storage, new ArrayList<>());
        store.apply(Commands.createMap(2));
        incarnation = openFor(CLIENT, 0);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private long openFor(ByteString client, long nowMillis) {
        return ((ApplyResult.SessionOpened) store.apply(openSession(0, client, nowMillis))).incarnation();
    }

    private static ByteString client(int number) {
        return ByteString.copyFrom(ByteBuffer.allocate(16).putInt(12, number));
    }

    private static Command increments(long sequence, long lowest, long incarnation) {
        return once(call(CLIENT, incarnation, sequence, lowest), Commands.write(0, 0, increment("n", 1)));
    }

    private long incremented(long sequence, long lowest) {
        ApplyResult result = store.apply(increments(sequence, lowest, incarnation));
        assertThat(result).isInstanceOf(ApplyResult.Written.class);
        return ((ApplyResult.Written) result).operations().getFirst().number();
    }

    private void assertExpired(Command command) {
        assertThat(store.apply(command)).isInstanceOf(ApplyResult.SessionExpired.class);
    }

    @Test
    void aWriteThatComesAgainGetsItsResultAgain() {
        assertThat(incremented(1, 1)).isEqualTo(1);
        assertThat(incremented(2, 1)).isEqualTo(2);
        assertThat(incremented(1, 1)).isEqualTo(1);
        assertThat(incremented(2, 1)).isEqualTo(2);
        assertThat(store.value("n")).isEqualTo("2");
    }

    @Test
    void alsoWithinOneBatchAndOutOfOrder() {
        store.applyAll(
                increments(3, 1, incarnation),
                increments(1, 1, incarnation),
                increments(3, 1, incarnation),
                increments(1, 1, incarnation));
        assertThat(store.value("n")).isEqualTo("2");
    }

    @Test
    void whatIsAcknowledgedIsForgottenAndRefused() {
        incremented(1, 1);
        incremented(2, 2);
        assertExpired(increments(1, 1, incarnation));
        assertThat(store.value("n")).isEqualTo("2");
    }

    @Test
    void whatIsBeyondTheWindowIsRefused() {
        assertExpired(increments(1 + Session.WINDOW, 1, incarnation));
        assertThat(incremented(Session.WINDOW, 1)).isEqualTo(1);
        assertThat(incremented(1 + Session.WINDOW, 2)).isEqualTo(2);
    }

    @Test
    void aRejectionIsAResultToo() {
        store.write(put("n", "text"));
        Command rejected = increments(1, 1, incarnation);
        assertThat(store.apply(rejected)).isInstanceOf(ApplyResult.Rejected.class);
        store.write(put("n", "5"));
        assertThat(store.apply(rejected)).isInstanceOf(ApplyResult.Rejected.class);
        assertThat(store.value("n")).isEqualTo("5");
    }

    @Test
    void aConditionThatDidNotHoldStaysSo() {
        store.write(put("k", "there"));
        Command ifAbsent = once(
                call(CLIENT, incarnation, 1, 1),
                Commands.write(0, 0, put("k", value("mine").setCondition(Put.Condition.IF_ABSENT))));
        OperationResult first =
                ((ApplyResult.Written) store.apply(ifAbsent)).operations().getFirst();
        store.write(Commands.delete("k"));
        OperationResult again =
                ((ApplyResult.Written) store.apply(ifAbsent)).operations().getFirst();
        assertThat(first.applied()).isFalse();
        assertThat(again.applied()).isFalse();
        assertThat(again.current().value()).isEqualTo(Commands.bytes("there"));
        assertThat(again.current().version()).isEqualTo(first.current().version());
        assertThat(store.value("k")).isNull();
    }

    @Test
    void openingAgainFindsTheSessionOpen() {
        incremented(1, 1);
        assertThat(openFor(CLIENT, 10)).isEqualTo(incarnation);
        assertThat(incremented(1, 1)).isEqualTo(1);
        assertThat(openFor(client(7), 10)).isEqualTo(incarnation + 1);
        assertThat(store.record(0).getSessionCount()).isEqualTo(2);
    }

    @Test
    void sessionsOfOneShardMeanNothingInAnother() {
        Command elsewhere = once(call(CLIENT, incarnation, 1, 1), Commands.write(1, 0, increment("n", 1)));
        assertExpired(elsewhere);
        assertThat(store.value(1, "n")).isNull();
    }

    @Test
    void anIdleSessionIsEvictedAndItsWritesNeverDoneAgain() {
        incremented(1, 1);
        store.apply(evictSessions(0, 1000, 500));
        assertThat(store.record(0).getSessionCount()).isZero();
        assertExpired(increments(1, 1, incarnation));
        assertExpired(increments(2, 1, incarnation));
        long next = openFor(CLIENT, 1000);
        assertThat(next).isEqualTo(incarnation + 1);
        assertExpired(increments(1, 1, incarnation));
        assertThat(store.value("n")).isEqualTo("1");
    }

    @Test
    void aSessionInUseStays() {
        store.apply(once(call(CLIENT, incarnation, 1, 1), Commands.write(0, 900, increment("n", 1))));
        try (RowsView view = store.store.rowsView(0)) {
            assertThat(view.hasIdleSessions(0, 1000, 500)).isFalse();
            assertThat(view.hasIdleSessions(0, 1400, 500)).isTrue();
        }
        assertThat(store.apply(evictSessions(0, 1000, 500))).isEqualTo(new ApplyResult.SessionsEvicted(0));
        assertThat(incremented(2, 1)).isEqualTo(2);
    }

    @Test
    void tooManySessionsMakeTheLeastRecentlyUsedOnesGo() {
        for (int i = 1; i < SessionTable.SESSIONS_MAX; i++) {
            openFor(client(i), i);
        }
        store.apply(once(call(CLIENT, incarnation, 1, 1), Commands.write(0, 5000, increment("n", 1))));
        assertThat(store.record(0).getSessionCount()).isEqualTo(SessionTable.SESSIONS_MAX);
        openFor(client(5000), 5000);
        assertThat(store.record(0).getSessionCount()).isEqualTo(SessionTable.SESSIONS_MAX * 7 / 8 + 1);
        assertThat(incremented(1, 1)).as("used last").isEqualTo(1);
    }

    @Test
    void largeResultsAreBounded() {
        store.write(put("k", "x".repeat(Session.RESULT_BYTES_MAX)));
        for (long sequence = 1; sequence <= 2; sequence++) {
            Command large = once(
                    call(CLIENT, incarnation, sequence, 1),
                    Commands.write(0, 0, put("k", value("y").setCondition(Put.Condition.IF_ABSENT))));
            assertThat(store.apply(large))
                    .isInstanceOf(sequence == 1 ? ApplyResult.Written.class : ApplyResult.SessionFull.class);
        }
        assertThat(incremented(2, 2)).as("once the first is acknowledged").isEqualTo(1);
    }

    @Test
    void aCrashLosesNeitherTheWriteWithoutItsResultNorTheResultWithoutItsWrite() {
        store.store.flush();
        Command write = increments(1, 1, incarnation);
        store.apply(write);
        for (boolean flushDone : new boolean[] {true, false}) {
            TestStore before = store;
            storage.crash(flushDone);
            store = TestStore.open(storage, before.log);
            store.replay();
            assertThat(incremented(1, 1)).isEqualTo(1);
            assertThat(store.value("n")).isEqualTo("1");
            store.store.flush();
        }
    }

    @Test
    void aClientIdOfAnotherLengthIsRejected() {
        assertThat(store.apply(openSession(0, ByteString.copyFromUtf8("short"), 0)))
                .isInstanceOf(ApplyResult.Rejected.class);
    }

    @Test
    void aWriteWithoutASessionIsDoneEachTime() {
        store.write(increment("n", 1));
        store.write(increment("n", 1));
        assertThat(store.value("n")).isEqualTo("2");
    }
}
