package dev.quorate.server;

import dev.quorate.api.PeerFault;
import dev.quorate.log.LogDirectory;
import dev.quorate.log.LogFullException;
import dev.quorate.log.SegmentFile;
import dev.quorate.server.requests.SteadyClock;
import dev.quorate.server.transport.FaultSwitch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A node's machine, whose disk and clock can be made to fail. What it does not fail it does for real. */
final class TestMachine {
    private volatile long clockShiftNanos;
    private volatile long usableBytes = Long.MAX_VALUE;
    private volatile boolean refusesGrowth;
    private volatile boolean failsForces;
    private volatile CountDownLatch stall = new CountDownLatch(0);
    private final FaultSwitch network = new FaultSwitch();
    private final AtomicInteger failedForces = new AtomicInteger();

    Machine machine() {
        return new Machine(
                () -> SteadyClock.machineNanos() + clockShiftNanos,
                _ -> usableBytes,
                directory -> new FaultyDirectory(LogDirectory.open(directory)),
                Optional.of(network));
    }

    /** The time of day jumps. */
    void shiftClock(Duration shift) {
        clockShiftNanos += shift.toNanos();
    }

    /** What the file system says is left. */
    void leaveSpace(long bytes) {
        usableBytes = bytes;
    }

    /** No file of the log can grow. */
    void refuseGrowth(boolean refuses) {
        refusesGrowth = refuses;
    }

    /** Nothing that the node's peers send arrives, nor what it sends to them. */
    void cutOff() {
        network.set(List.of(
                PeerFault.newBuilder().setLoseSent(true).setLoseReceived(true).build()));
    }

    void reconnect() {
        network.set(List.of());
    }

    void failForces(boolean fails) {
        failsForces = fails;
    }

    int failedForces() {
        return failedForces.get();
    }

    /** Every force of the log hangs, until {@link #goOn}. */
    void stall() {
        stall = new CountDownLatch(1);
    }

    void goOn() {
        stall.countDown();
    }

    private final class FaultyDirectory implements LogDirectory {
        private final LogDirectory real;

        FaultyDirectory(LogDirectory real) {
            this.real = real;
        }

        @Override
        public List<String> list() throws IOException {
            return real.list();
        }

        @Override
        public SegmentFile open(String name) throws IOException {
            return new FaultyFile(real.open(name));
        }

        @Override
        public SegmentFile create(String name) throws IOException {
            return new FaultyFile(real.create(name));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            real.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            real.delete(name);
        }

        @Override
        public void sync() throws IOException {
            real.sync();
        }

        @Override
        public String describe(String name) {
            return real.describe(name);
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }

    private final class FaultyFile implements SegmentFile {
        private final SegmentFile real;

        FaultyFile(SegmentFile real) {
            this.real = real;
        }

        @Override
        public void read(ByteBuffer target, long offset) throws IOException {
            real.read(target, offset);
        }

        @Override
        public void write(ByteBuffer source, long offset) throws IOException {
            if (refusesGrowth && offset + source.remaining() > real.size()) {
                throw new LogFullException("test", new IOException("No space left on device"));
            }
            real.write(source, offset);
        }

        @Override
        public void force() throws IOException {
            try {
                stall.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (failsForces) {
                failedForces.incrementAndGet();
                throw new IOException("Input/output error");
            }
            real.force();
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
