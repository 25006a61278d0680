package dev.quorate.mapreduce.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.JobSpec.Function;
import dev.quorate.mapreduce.job.RangeCuts;
import dev.quorate.mapreduce.keyspace.KeyspaceTarget;
import dev.quorate.mapreduce.schedule.AttemptId;
import dev.quorate.mapreduce.schedule.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobTableTest {
    private final MemoryStore store = new MemoryStore();
    private final JobTable table = new JobTable(store, "job");

    private static AttemptId attempt(int number) {
        return new AttemptId(TaskId.map(3), 1, number);
    }

    private static TaskRecord.Committed result(AttemptId attempt) {
        return new TaskRecord.Committed(attempt.toString(), "worker", "host:1", Map.of("g", Map.of("n", 1L)));
    }

    @Test
    void aDescriptionComesBackAsItWas() throws Exception {
        JobSpec spec = spec();
        assertThatThrownBy(table::spec)
                .isInstanceOf(JobException.class)
                .hasMessageContaining("no job job in the cluster");
        assertThat(table.submit(spec)).isTrue();
        assertThat(table.submit(spec)).isFalse();
        assertThat(table.spec()).isEqualTo(spec);
        table.delete();
        assertThat(store.scan("")).isEmpty();
    }

    private static JobSpec spec() {
        return new JobSpec(
                List.of(Path.of("/a.jar")),
                Optional.of(new Function.Command("awk '{}'")),
                Optional.empty(),
                Optional.of(new Function.JavaClass("A")),
                "hash",
                List.of("in"),
                "text",
                Path.of("/out"),
                "text",
                3,
                1 << 20,
                1 << 20,
                5,
                Optional.of(new KeyspaceTarget("host:1", "counts:", "g1")));
    }

    @Test
    void whoWorksForAJobThatWasDeletedChangesNothingOfTheNextOneOfThatName() throws IOException {
        JobTable old = new JobTable(store, "job");
        old.submit(spec());
        old.claim("old:1");
        table.delete();
        JobTable next = new JobTable(store, "job");
        assertThat(next.submit(spec())).isTrue();
        assertThat(old.gone()).isTrue();
        assertThat(next.gone()).isFalse();
        assertThat(old.coordinator()).isEmpty();
        old.commit(attempt(1), result(attempt(1)));
        old.end(new JobTable.Outcome(false, "late"));
        assertThat(next.tasks()).isEmpty();
        assertThat(next.outcome()).isEmpty();
        next.delete();
        assertThat(store.scan("")).isEmpty();
    }

    @Test
    void piecesOfAPlannerThatDiedAreNotMixedWithThoseOfTheNext() throws IOException {
        store.loseAnAnswer(); // of the first piece
        assertThatThrownBy(() -> table.plan(new JobTable.Plan(splits("before"), Optional.empty())))
                .isInstanceOf(IOException.class);
        assertThat(table.plan()).isEmpty();
        table.plan(new JobTable.Plan(splits("after"), Optional.empty()));
        assertThat(table.plan().orElseThrow().splits()).isEqualTo(splits("after"));
    }

    private static List<Split> splits(String file) {
        return IntStream.range(0, 2500)
                .mapToObj(i -> new Split(file, i, i + 1, List.of("node")))
                .toList();
    }

    @Test
    void aMapWhoseOutputIsLostCountsUntilItIsMadeAgain() throws IOException {
        table.commit(attempt(1), result(attempt(1)));
        table.reopen(attempt(1));
        TaskRecord lost = new JobTable(store, "job").tasks().get(TaskId.map(3));
        assertThat(lost.open()).isTrue();
        assertThat(table.totals().counters()).isEqualTo(Map.of("g", Map.of("n", 1L)));
        table.commit(attempt(2), result(attempt(2)));
        assertThat(table.task(TaskId.map(3)).open()).isFalse();
        assertThat(table.totals().counters()).isEqualTo(Map.of("g", Map.of("n", 1L)));
    }

    @Test
    void theReasonOfAnEndFitsIntoAValue() throws IOException {
        assertThat(table.end(new JobTable.Outcome(false, "x".repeat(5 << 20))).reason())
                .hasSizeLessThan(20_000);
    }

    @Test
    void aPlanOfManySplitsComesBack() throws IOException {
        List<Split> splits = splits("file");
        assertThat(table.plan()).isEmpty();
        table.plan(new JobTable.Plan(splits, Optional.of(new RangeCuts(List.of(new byte[] {1, 2})))));
        table.plan(new JobTable.Plan(List.of(), Optional.empty()));
        JobTable.Plan plan = new JobTable(store, "job").plan().orElseThrow();
        assertThat(plan.splits()).isEqualTo(splits);
        assertThat(plan.cuts().orElseThrow().firstKeys()).containsExactly(new byte[] {1, 2});
    }

    @Test
    void ofTwoThatCommitOneDoes() throws IOException {
        JobTable other = new JobTable(store, "job");
        assertThat(table.commit(attempt(1), result(attempt(1)))).isEqualTo(result(attempt(1)));
        assertThat(other.commit(attempt(2), result(attempt(2)))).isEqualTo(result(attempt(1)));
        assertThat(other.task(TaskId.map(3)).committed()).isEqualTo(result(attempt(1)));
    }

    @Test
    void aCommitWhoseAnswerWasLostIsFoundAgain() throws IOException {
        store.loseAnAnswer();
        assertThatThrownBy(() -> table.commit(attempt(1), result(attempt(1)))).isInstanceOf(IOException.class);
        assertThat(table.commit(attempt(1), result(attempt(1)))).isEqualTo(result(attempt(1)));
        assertThat(store.history("{mr:job}/task/map-00003")).hasSize(1);
    }

    @Test
    void onlyTheAttemptThatCountsIsReopened() throws IOException {
        table.commit(attempt(1), result(attempt(1)));
        table.reopen(attempt(2));
        assertThat(new JobTable(store, "job").tasks().get(TaskId.map(3)).committed())
                .isNotNull();
        table.reopen(attempt(1));
        assertThat(table.commit(attempt(2), result(attempt(2)))).isEqualTo(result(attempt(2)));
    }

    @Test
    void failuresAreKept() throws IOException {
        table.failed(TaskId.reduce(1), 2, List.of(7L));
        assertThat(new JobTable(store, "job").tasks())
                .containsEntry(TaskId.reduce(1), new TaskRecord(2, List.of(7L), null, false));
    }

    @Test
    void totalsAreOfWhatIsCommitted() throws IOException {
        assertThat(table.totals().maps()).isZero();
        table.plan(new JobTable.Plan(List.of(new Split("file", 0, 1, List.of())), Optional.empty()));
        table.failed(attempt(1).task(), 2, List.of(7L));
        table.commit(attempt(1), result(attempt(1)));
        AttemptId reduce = new AttemptId(TaskId.reduce(1), 1, 1);
        table.commit(reduce, result(reduce));
        table.failed(TaskId.reduce(2), 1, List.of(8L));
        assertThat(new JobTable(store, "job").totals())
                .isEqualTo(new JobTable.Totals(1, 1, 1, 1, new TreeMap<>(Map.of("g", new TreeMap<>(Map.of("n", 2L))))));
    }

    @Test
    void eachClaimHasAnEpochOfItsOwn() throws IOException {
        assertThat(table.claim("a:1")).isEqualTo(1);
        assertThat(new JobTable(store, "job").claim("b:2")).isEqualTo(2);
        assertThat(table.coordinator()).contains(new JobTable.Coordinator(2, "b:2"));
    }

    @Test
    void aJobEndsOnce() throws IOException {
        JobTable.Outcome failed = new JobTable.Outcome(false, "why");
        assertThat(table.outcome()).isEmpty();
        assertThat(table.end(failed)).isEqualTo(failed);
        assertThat(table.end(new JobTable.Outcome(true, ""))).isEqualTo(failed);
    }
}
