package dev.quorate.bench.ratis;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * A member's process. Arguments: its number, the members' addresses separated by commas, its directory. Settings are Ratis' defaults, save those that
 * its own examples set: linearizable reads (counter), and election timeouts of 2 to 3 s and a longer queue of writes (filestore). And it preallocates
 * less at a time, which makes it faster here.
 */
public final class RatisServer {
    private static final int WRITES_PENDING_MAX = 40_960;

    /**
     * Instead of 4 MiB: where the page cache has large folios, preallocating that much at once makes every append after it dirty, and every sync
     * write, about a MiB.
     */
    private static final int PREALLOCATED_BYTES = 4096;

    private RatisServer() {}

    public static void main(String[] args) throws Exception {
        int number = Integer.parseInt(args[0]);
        List<String> addresses = List.of(args[1].split(","));
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(Path.of(args[2]).toFile()));
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, TimeDuration.valueOf(3, TimeUnit.SECONDS));
        RaftServerConfigKeys.Write.setElementLimit(properties, WRITES_PENDING_MAX);
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(PREALLOCATED_BYTES));
        String address = addresses.get(number);
        GrpcConfigKeys.Server.setPort(properties, Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        try (RaftServer server = RaftServer.newBuilder()
                .setServerId(Commands.id(number))
                .setGroup(Commands.group(addresses))
                .setProperties(properties)
                .setStateMachine(new KeyValueStateMachine())
                .build()) {
            server.start();
            new CountDownLatch(1).await();
        }
    }
}
