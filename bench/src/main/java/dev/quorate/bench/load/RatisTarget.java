package dev.quorate.bench.load;

import dev.quorate.bench.ratis.Commands;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.util.TimeDuration;

/** The store on Ratis, through a few of Ratis' clients that callers share; each client streams its callers' requests. */
final class RatisTarget implements Target {
    private static final int CLIENTS = 4;
    private static final int OUTSTANDING_MAX = 1024;
    /** What its client tries again it logs as severe, a line for each request; what fails in the end is counted. Kept here, or the setting would be collected. */
    private static final Logger LOG = Logger.getLogger("org.apache.ratis");

    private final List<RaftClient> clients = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();

    RatisTarget(List<String> addresses) {
        LOG.setLevel(Level.OFF);
        RaftProperties properties = new RaftProperties();
        RaftClientConfigKeys.Async.setOutstandingRequestsMax(properties, OUTSTANDING_MAX);
        RaftClientConfigKeys.Rpc.setRequestTimeout(properties, TimeDuration.valueOf(30, TimeUnit.SECONDS));
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(RaftClient.newBuilder()
                    .setProperties(properties)
                    .setRaftGroup(Commands.group(addresses))
                    .build());
        }
    }

    @Override
    public Connection connect() {
        RaftClient client = clients.get(next.getAndIncrement() % CLIENTS);
        return new Connection() {
            @Override
            public void write(byte[] key, byte[] value) throws Exception {
                answer(client.async().send(Commands.write(key, value)));
            }

            @Override
            public void read(byte[] key) throws Exception {
                if (answer(client.async().sendReadOnly(Commands.read(key)))
                        .getMessage()
                        .getContent()
                        .isEmpty()) {
                    throw new IOException("a key that was written is absent");
                }
            }
        };
    }

    private static RaftClientReply answer(CompletableFuture<RaftClientReply> reply)
            throws IOException, InterruptedException, ExecutionException {
        RaftClientReply answer = reply.get();
        if (!answer.isSuccess()) {
            throw new IOException("Ratis refused: " + answer.getException());
        }
        return answer;
    }

    @Override
    public void close() {
        for (RaftClient client : clients) {
            try {
                client.close();
            } catch (IOException e) {
                System.err.println("load: a client did not close: " + e.getMessage());
            }
        }
    }
}
