package dev.quorate.bench.ratis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandsTest {
    @Test
    void aWriteIsReadAsItWasSent() {
        Commands.Write write =
                Commands.Write.parse(Commands.write("key".getBytes(US_ASCII), "a value".getBytes(US_ASCII))
                        .getContent());

        assertThat(write.key().toString(US_ASCII)).isEqualTo("key");
        assertThat(write.value().toString(US_ASCII)).isEqualTo("a value");
        assertThat(write.key())
                .isEqualTo(Commands.read("key".getBytes(US_ASCII)).getContent());
    }

    @Test
    void membersAreKnownByTheirPlace() {
        assertThat(Commands.group(List.of("127.0.0.1:1", "127.0.0.1:2"))
                        .getPeer(Commands.id(1))
                        .getAddress())
                .isEqualTo("127.0.0.1:2");
    }
}
