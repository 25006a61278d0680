package dev.quorate.history;

import static dev.quorate.history.Hand.append;
import static dev.quorate.history.Hand.cas;
import static dev.quorate.history.Hand.delete;
import static dev.quorate.history.Hand.get;
import static dev.quorate.history.Hand.increment;
import static dev.quorate.history.Hand.put;
import static dev.quorate.history.Hand.read;
import static dev.quorate.history.Hand.sum;
import static dev.quorate.history.Hand.written;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories whose verdict is plain to see. */
class KnownHistoriesTest {
    private static Arguments the(String name, Hand history) {
        return Arguments.of(name, history);
    }

    private static Hand hand() {
        return new Hand();
    }

    static Stream<Arguments> good() {
        return Stream.of(
                the("nothing at all", hand()),
                the("a read of nothing", hand().ok(0, 1, get(), read(null))),
                the("one after the other", hand().ok(0, 1, put("a"), written(1)).ok(2, 3, get(), read("a", 1))),
                the(
                        "a read beside a write sees the old value or the new",
                        hand().ok(0, 9, put("a"), written())
                                .ok(1, 2, get(), read(null))
                                .ok(3, 4, get(), read("a"))),
                the(
                        "the write that returned first came last",
                        hand().ok(0, 5, put("a"), written())
                                .ok(1, 3, put("b"), written())
                                .ok(6, 7, get(), read("b"))),
                the(
                        "an unknown write that took effect late",
                        hand().unknown(0, put("a"))
                                .ok(1, 2, put("b"), written())
                                .ok(3, 4, get(), read("b"))
                                .ok(5, 6, get(), read("a"))),
                the(
                        "an unknown write that did not take effect",
                        hand().unknown(0, put("a")).ok(1, 2, get(), read(null))),
                the(
                        "a failed write that nobody sees",
                        hand().failed(0, 1, put("a")).ok(2, 3, get(), read(null))),
                the(
                        "an unknown increment counts or not",
                        hand().ok(0, 1, increment(1), sum(1))
                                .unknown(2, increment(1))
                                .ok(4, 5, increment(1), sum(3))
                                .unknown(6, increment(1))
                                .ok(7, 8, increment(1), sum(4))),
                the(
                        "an unknown delete explains an absent key",
                        hand().ok(0, 1, put("a"), written())
                                .unknown(2, delete())
                                .ok(3, 4, get(), read(null))),
                the(
                        "an unknown write explains what was deleted",
                        hand().unknown(0, put("a")).ok(1, 2, delete(), new Result.Deleted(true))),
                the(
                        "compare-and-set by the version that was read",
                        hand().ok(0, 1, put("a"), written(4))
                                .ok(2, 3, cas(4, "b"), new Result.Swapped(true, new Result.Read("b", 9)))
                                .ok(4, 5, cas(4, "c"), new Result.Swapped(false, new Result.Read("b", 9)))
                                .ok(6, 7, get(), read("b", 9))),
                the(
                        "a compare-and-set of an absent key, then one by the version that an increment must have given",
                        hand().ok(0, 1, cas(0, "1"), new Result.Swapped(true, null))
                                .ok(2, 3, increment(1), sum(2))
                                .ok(4, 5, get(), read("2", 7))
                                .ok(6, 7, cas(7, "x"), new Result.Swapped(true, null))),
                the(
                        "appends beside each other come in either order",
                        hand().ok(0, 9, append("a"), new Result.Length(2))
                                .ok(0, 9, append("b"), new Result.Length(1))
                                .ok(10, 11, get(), read("ba"))),
                the(
                        "a version may grow by deletes and by writes to other keys",
                        hand().ok(0, 1, put("a"), written(3))
                                .ok(2, 3, delete(), new Result.Deleted(true))
                                .ok(4, 5, put("b"), written(12))),
                the(
                        "versions put concurrent writes in order",
                        hand().ok(0, 9, put("a"), written(5))
                                .ok(0, 8, put("b"), written(6))
                                .ok(0, 7, put("c"), written(4))
                                .ok(10, 11, get(), read("b", 6))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void goodHistories(String name, Hand history) {
        assertThat(history.verdict()).isInstanceOf(Verdict.Linearizable.class);
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                the("a lost write", hand().ok(0, 1, put("a"), written()).ok(2, 3, get(), read(null))),
                the(
                        "a stale read",
                        hand().ok(0, 1, put("a"), written())
                                .ok(2, 3, put("b"), written())
                                .ok(4, 5, get(), read("a"))),
                the(
                        "two reads beside a write, the later one sees the older value",
                        hand().ok(0, 9, put("a"), written())
                                .ok(1, 2, get(), read("a"))
                                .ok(3, 4, get(), read(null))),
                the(
                        "a read of what nobody wrote",
                        hand().ok(0, 1, put("a"), written()).ok(2, 3, get(), read("b"))),
                the("a read from the future", hand().ok(0, 1, get(), read("a")).ok(2, 3, put("a"), written())),
                the("a read of a failed write", hand().failed(0, 1, put("a")).ok(2, 3, get(), read("a"))),
                the(
                        "a read of an unknown write that was not called yet",
                        hand().ok(0, 1, get(), read("a")).unknown(2, put("a"))),
                the(
                        "an unknown write that took effect twice",
                        hand().unknown(0, put("a"))
                                .ok(1, 2, get(), read("a"))
                                .ok(3, 4, put("b"), written())
                                .ok(5, 6, get(), read("a"))),
                the(
                        "an increment counted twice",
                        hand().ok(0, 1, increment(1), sum(1)).ok(2, 3, increment(1), sum(3))),
                the(
                        "two increments with one sum",
                        hand().ok(0, 9, increment(1), sum(1)).ok(0, 9, increment(1), sum(1))),
                the(
                        "an unknown increment counted twice",
                        hand().unknown(0, increment(1)).ok(1, 2, increment(1), sum(3))),
                the("a lost increment", hand().ok(0, 1, increment(1), sum(1)).ok(2, 3, get(), read(null))),
                the(
                        "a deleted key comes back",
                        hand().ok(0, 1, put("a"), written())
                                .ok(2, 3, delete(), new Result.Deleted(true))
                                .ok(4, 5, get(), read("a"))),
                the(
                        "a delete that found nothing to delete",
                        hand().ok(0, 1, put("a"), written()).ok(2, 3, delete(), new Result.Deleted(false))),
                the(
                        "two compare-and-sets by one version",
                        hand().ok(0, 1, put("a"), written(1))
                                .ok(2, 9, cas(1, "b"), new Result.Swapped(true, null))
                                .ok(2, 9, cas(1, "c"), new Result.Swapped(true, null))),
                the(
                        "two keepers of one lock",
                        hand().ok(0, 9, cas(0, "me"), new Result.Swapped(true, null))
                                .ok(0, 9, cas(0, "you"), new Result.Swapped(true, null))),
                the(
                        "a compare-and-set refused although the version was the expected one",
                        hand().ok(0, 1, put("a"), written(1))
                                .ok(2, 3, cas(1, "b"), new Result.Swapped(false, new Result.Read("a", 1)))),
                the(
                        "a version that went back",
                        hand().ok(0, 1, put("a"), written(5)).ok(2, 3, put("b"), written(4))),
                the(
                        "a version given twice",
                        hand().ok(0, 9, put("a"), written(5)).ok(0, 9, put("b"), written(5))),
                the(
                        "one value with two versions",
                        hand().ok(0, 1, put("a"), written(5)).ok(2, 3, get(), read("a", 6))),
                the(
                        "an append in two places",
                        hand().ok(0, 1, append("a"), new Result.Length(1)).ok(2, 3, get(), read("aa"))),
                the(
                        "an append overwrites another",
                        hand().ok(0, 9, append("a"), new Result.Length(1))
                                .ok(0, 9, append("b"), new Result.Length(1))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void badHistories(String name, Hand history) {
        assertThat(history.verdict()).isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void keysAreCheckedOneByOne() {
        History mixed = History.of(
                Invocation.ok("c", new Operation.Put("x", "1"), written(), 0, 1),
                Invocation.ok("c", new Operation.Put("y", "2"), written(), 2, 3),
                Invocation.ok("c", new Operation.Get("x"), read("1"), 4, 5),
                Invocation.ok("c", new Operation.Get("y"), read("1"), 6, 7));
        assertThat(Linearizability.check(mixed, Limits.DEFAULT))
                .isInstanceOfSatisfying(
                        Verdict.Violation.class,
                        violation -> assertThat(violation.key()).isEqualTo("y"));
    }

    @Test
    void aViolationIsExplained() {
        Verdict verdict = hand().ok(1_000, 2_000, put("old"), written(1))
                .ok(3_000, 4_000, put("new"), written(2))
                .unknown(4_500, put("maybe"))
                .ok(5_000, 6_000, get(), read("old", 1))
                .ok(7_000, 8_000, get(), read("new", 2))
                .verdict();
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Violation.class,
                        violation -> assertThat(violation.explanation()).isEqualTo("""
                                key "k" is not linearizable
                                the first 2 of 4 operations, by return, can be put in order; with the next one there is no order:
                                  c3: get -> "old" version 1  [0.000004 s, 0.000005 s]
                                in every order of those before it, the key can hold then: "new" (version 2)
                                the end of one such order:
                                  c0: put "old" -> ok version 1  [0.000000 s, 0.000001 s]  => "old" (version 1)
                                  c1: put "new" -> ok version 2  [0.000002 s, 0.000003 s]  => "new" (version 2)
                                of unknown outcome, called by then (they may be placed or not):
                                  c2: put "maybe" -> unknown  [0.000004 s, never]
                                """));
    }
}
