package dev.quorate.cli.mr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.cli.output.UserError;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodesOptionTest {
    @Test
    void aNodeForEachHost() {
        assertThat(NodesOption.parse("demo-g1-0.demo-peers.shop.svc=worker-a,demo-g1-1.demo-peers.shop.svc=worker-b"))
                .isEqualTo(Map.of(
                        "demo-g1-0.demo-peers.shop.svc", "worker-a", "demo-g1-1.demo-peers.shop.svc", "worker-b"));
        assertThat(new NodesOption().nodeByHost()).as("without the option").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host=", "=node", "a=b=c", "a=b,", "a=b, c=d"})
    void whatIsNoListOfHostsAndNodesIsRefusedWithAnExample(String nodes) {
        assertThatThrownBy(() -> NodesOption.parse(nodes))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("such as node-1=worker-a,node-2=worker-b");
    }

    @Test
    void aHostOnTwoNodesIsRefused() {
        assertThatThrownBy(() -> NodesOption.parse("host=a,host=b"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("host twice");
    }
}
