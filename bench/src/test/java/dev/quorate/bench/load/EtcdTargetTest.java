package dev.quorate.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class EtcdTargetTest {
    @Test
    void speaksEtcdsProtocol() throws IOException {
        assertThat(EtcdTarget.putRequest("k".getBytes(US_ASCII), "vv".getBytes(US_ASCII)))
                .containsExactly(0x0a, 1, 'k', 0x12, 2, 'v', 'v');
    }

    @Test
    void knowsAnEmptyRange() throws IOException {
        byte[] headerOnly = {0x0a, 2, 0x18, 5};
        byte[] headerAndKey = {0x0a, 2, 0x18, 5, 0x12, 3, 0x0a, 1, 'k', 0x20, 1};

        assertThat(EtcdTarget.holdsKey(headerOnly)).isFalse();
        assertThat(EtcdTarget.holdsKey(headerAndKey)).isTrue();
    }
}
