package dev.quorate.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortRangeTest {
    private static final int MEMBERS = 200;
    /** Members whose ports would be more than there are. */
    private static final int MORE_THAN_ENOUGH = 6_000;

    @Test
    void noTwoClustersOfAProcessAreGivenTheSamePort() throws IOException {
        PortRange clusters = PortRange.any();
        PortRange others = PortRange.any();
        List<MemberPorts> given = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            given.add(clusters.next());
            given.add(others.next());
        }
        Set<Integer> ports = new HashSet<>();
        given.forEach(member -> ports.addAll(member.all()));
        given.forEach(clusters::release);
        assertThat(ports).hasSize(2 * MEMBERS * 4);
    }

    @Test
    void portsOfMembersThatAreGoneAreGivenAgain() {
        PortRange range = PortRange.any();
        assertThatCode(() -> {
                    for (int i = 0; i < MORE_THAN_ENOUGH; i++) {
                        range.release(range.next());
                    }
                })
                .doesNotThrowAnyException();
    }
}
