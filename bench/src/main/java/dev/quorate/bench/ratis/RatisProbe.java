package dev.quorate.bench.ratis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.util.TimeDuration;

/** Asks a group whether it serves. */
public final class RatisProbe implements AutoCloseable {
    private final RaftClient client;

    public RatisProbe(List<String> addresses) {
        RaftProperties properties = new RaftProperties();
        RaftClientConfigKeys.Rpc.setRequestTimeout(properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
        client = RaftClient.newBuilder()
                .setProperties(properties)
                .setRaftGroup(Commands.group(addresses))
                .build();
    }

    /** Whether it answers a linearizable read; waits a while for it. */
    public boolean serves() throws IOException {
        return client.io()
                .sendReadOnly(Commands.read("any key".getBytes(StandardCharsets.US_ASCII)))
                .isSuccess();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
