package dev.quorate.bench.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.bench.scaling.ScalingModel.Layout;
import dev.quorate.bench.scaling.ScalingModel.Outcome;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalingModelTest {
    private static final int CALLERS = 16;

    @ParameterizedTest
    @EnumSource(Layout.class)
    void theSameSeedGivesTheSameOutcomeAndEveryLayoutServes(Layout layout) {
        Outcome outcome = run(layout);
        assertThat(run(layout)).isEqualTo(outcome);
        assertThat(outcome.perSecond()).isPositive();
        assertThat(outcome.busy()).isPositive();
    }

    private static Outcome run(Layout layout) {
        return new ScalingModel(Costs.measured(300, 50), 3, layout, 7).run(CALLERS, TimeUnit.MILLISECONDS.toNanos(100));
    }
}
