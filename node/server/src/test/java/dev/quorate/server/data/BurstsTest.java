package dev.quorate.server.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BurstsTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void whatIsLeftForTheEndComesAfterAllAnswers() {
        Bursts.run(() -> {
            Bursts.atEnd(() -> done.add("sent"));
            done.add("one");
            done.add("two");
        });

        assertThat(done).containsExactly("one", "two", "sent");
    }

    @Test
    void outsideOfABurstItComesAtOnce() {
        Bursts.atEnd(() -> done.add("sent"));

        assertThat(done).containsExactly("sent");
    }

    @Test
    void aBurstWithinABurstIsPartOfIt() {
        Bursts.run(() -> {
            Bursts.run(() -> Bursts.atEnd(() -> done.add("sent")));
            done.add("outer");
        });

        assertThat(done).containsExactly("outer", "sent");
    }

    @Test
    void whatWasAnsweredBeforeAFailureIsSent() {
        assertThatThrownBy(() -> Bursts.run(() -> {
                    Bursts.atEnd(() -> done.add("sent"));
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");

        assertThat(done).containsExactly("sent");
        Bursts.atEnd(() -> done.add("at once"));
        assertThat(done).containsExactly("sent", "at once");
    }
}
