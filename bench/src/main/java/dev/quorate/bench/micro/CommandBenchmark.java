package dev.quorate.bench.micro;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.store.proto.Command;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** A write command between memory and the log. */
@State(Scope.Thread)
public class CommandBenchmark {
    private final Command[] commands =
            IntStream.range(0, Batch.SIZE).mapToObj(Batch::command).toArray(Command[]::new);
    private final byte[][] encoded = Batch.commands().toArray(byte[][]::new);

    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public void encode(Blackhole sink) {
        for (Command command : commands) {
            // A message remembers its size once asked: a new one is encoded, as a request brings it.
            sink.consume(
                    Command.newBuilder().setWrite(command.getWrite()).build().toByteArray());
        }
    }

    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public void decode(Blackhole sink) throws InvalidProtocolBufferException {
        for (byte[] bytes : encoded) {
            sink.consume(Command.parseFrom(bytes));
        }
    }
}
