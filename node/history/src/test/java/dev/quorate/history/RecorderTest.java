package dev.quorate.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecorderTest {
    @Test
    void whatIsUnderWayIsUnknown() {
        AtomicLong clock = new AtomicLong();
        Recorder recorder = new Recorder(3, clock::incrementAndGet);
        recorder.call("a", Hand.put("1")).ok(Hand.written(4));
        Recorder.Call open = recorder.call("b", Hand.put("2"));
        recorder.call("a", Hand.put("3")).failed();

        assertThat(recorder.history())
                .isEqualTo(History.of(
                        Invocation.ok("a", Hand.put("1"), Hand.written(4), 1, 2),
                        Invocation.unknown("b", Hand.put("2"), 3),
                        Invocation.failed("a", Hand.put("3"), 4, 5)));
        open.ok(Hand.written(5));
        assertThat(recorder.history().invocations().get(1).outcome()).isEqualTo(Outcome.OK);
        assertThatIllegalStateException().isThrownBy(open::unknown).withMessageContaining("answered twice");
        assertThatIllegalStateException()
                .isThrownBy(() -> recorder.call("a", Hand.get()))
                .withMessageContaining("holds 3 operations");
    }

    @Test
    void threadsRecordWhatARealRegisterDoes() throws InterruptedException {
        AtomicLong register = new AtomicLong();
        Recorder recorder = new Recorder(20_000);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String client = "c" + i;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 5_000; n++) {
                    recorder.call(client, Hand.increment(1)).ok(Hand.sum(register.incrementAndGet()));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        History history = recorder.history();
        assertThat(history.size()).isEqualTo(20_000);
        // The sum was taken between call and return only if the call came first: a call's time must not be late.
        assertThat(Linearizability.check(history, Limits.DEFAULT)).isInstanceOf(Verdict.Linearizable.class);
    }
}
