package dev.quorate.server.requests;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.raft.RaftStatus;
import dev.quorate.server.data.ReadFrom;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.driver.Outcome;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.driver.ReadTask;
import dev.quorate.store.DueKey;
import dev.quorate.store.StoreView;
import java.util.List;
import java.util.function.Function;

/** A read is confirmed by a quorum, then reads data and ownership from one view. */
final class ReadRequest<T> extends Request<T> implements ReadTask {
    private final Requests requests;
    private final RaftDriver driver;
    private final SteadyClock clock;
    private final ReadFrom from;
    private final Function<StoreView, ShardReader.Answer<T>> read;

    ReadRequest(
            Requests requests,
            RaftDriver driver,
            SteadyClock clock,
            int shard,
            ReadFrom from,
            Function<StoreView, ShardReader.Answer<T>> read) {
        super(requests, shard, from.anyMember());
        this.requests = requests;
        this.driver = driver;
        this.clock = clock;
        this.from = from;
        this.read = read;
    }

    @Override
    void serve() {
        boolean asked = from.anyMember() ? driver.readAnywhere(this, from.maxStaleNanos()) : driver.read(this);
        if (!asked) {
            fail(Error.Code.BUSY, Effect.NOT_APPLIED, "too much is under way here: back off and try again");
        }
    }

    @Override
    public void run(StoreView view) {
        if (answer().isDone()) {
            return;
        }
        if (!view.shard(shard()).owned()) {
            attempt();
            return;
        }
        ShardReader.Answer<T> answer;
        try {
            answer = read.apply(view);
        } catch (RequestException e) {
            fail(e.error().getCode(), e.error().getEffect(), e.getMessage());
            return;
        }
        if (answer.due().isEmpty()) {
            succeed(answer.result());
        } else if (driver.status().role() != RaftStatus.Role.LEADER) {
            fail(RequestException.notLeader(requests.leader())); // who alone can have the group agree on the time
        } else {
            expireFirst(answer.due());
        }
    }

    /** Time has passed for these keys: first the group agrees on that, or another leader's clock could bring them back. */
    private void expireFirst(List<DueKey> due) {
        driver.propose(Expirer.command(shard(), due, clock.nowMillis()).toByteArray(), outcome -> {
            if (outcome instanceof Outcome.Busy) {
                requests.attemptSoon(this);
            } else {
                attempt();
            }
        });
    }

    @Override
    public void notServed() {
        requests.attemptSoon(this);
    }
}
