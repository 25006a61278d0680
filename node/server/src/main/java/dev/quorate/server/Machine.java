package dev.quorate.server;

import dev.quorate.log.LogDirectory;
import dev.quorate.server.requests.SteadyClock;
import dev.quorate.server.transport.FaultSwitch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * What a node takes from the machine under it. Tests bring one that fails.
 *
 * @param wallNanos nanoseconds since 1970 by a clock that may jump
 * @param usableBytes space left on a path's file system
 * @param log opens the directory of the log
 * @param networkFaults of the network between the node and its peers
 */
record Machine(
        LongSupplier wallNanos, ToLongFunction<Path> usableBytes, LogDisk log, Optional<FaultSwitch> networkFaults) {
    interface LogDisk {
        LogDirectory open(Path directory) throws IOException;
    }

    static Machine real() {
        return new Machine(
                SteadyClock::machineNanos,
                path -> path.toFile().getUsableSpace(),
                LogDirectory::open,
                FaultSwitch.ofThisProcess());
    }
}
