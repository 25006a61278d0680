package dev.quorate.cli.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.server.NodeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a member that is a process of its own is told, as {@code settings.json} in its folder. */
record MemberSettings(
        String clusterId,
        int groupId,
        String name,
        String host,
        MemberPorts ports,
        String data,
        List<String> rootPeers,
        String token,
        long moveBytesPerSecond) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static MemberSettings of(NodeConfig config) {
        return new MemberSettings(
                config.clusterId(),
                config.groupId(),
                config.name(),
                config.host(),
                MemberPorts.of(config),
                config.dataDirectory().toString(),
                config.rootPeers(),
                config.token(),
                config.limits().moveBytesPerSecond());
    }

    static MemberSettings read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), MemberSettings.class);
    }

    byte[] toJson() throws IOException {
        return JSON.writeValueAsBytes(this);
    }

    NodeConfig config() {
        return new NodeConfig(
                clusterId,
                groupId,
                name,
                host,
                host,
                new NodeConfig.Ports(ports.peer(), ports.redis(), ports.grpc(), ports.admin(), 0),
                Path.of(data),
                rootPeers,
                token,
                NodeConfig.DEFAULT_TICK,
                NodeConfig.Limits.defaults().withMoveBytesPerSecond(moveBytesPerSecond));
    }
}
