package dev.quorate.cli.mr;

import dev.quorate.cli.output.UserError;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where a cluster's members run, for workers that call their machine by another name than members do. */
final class NodesOption {
    @Option(
            names = "--nodes",
            paramLabel = "HOST=NODE,...",
            description = "The --node of workers that are near to a host that the cluster's members announce.")
    private String nodes;

    Map<String, String> nodeByHost() {
        return nodes == null ? Map.of() : parse(nodes);
    }

    static Map<String, String> parse(String nodes) {
        Map<String, String> nodeByHost = new HashMap<>();
        for (String pair : nodes.split(",", -1)) {
            if (!pair.matches("[^=\\s]+=[^=\\s]+")) {
                throw UserError.misused("--nodes has '" + pair
                        + "': it is a list of HOST=NODE with commas between, such as node-1=worker-a,node-2=worker-b.");
            }
            String[] words = pair.split("=");
            if (nodeByHost.put(words[0], words[1]) != null) {
                throw UserError.misused("--nodes has host " + words[0] + " twice: a host is on one node.");
            }
        }
        return nodeByHost;
    }
}
