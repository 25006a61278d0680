package dev.quorate.server.redis;

import dev.quorate.bench.micro.Batch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Pipelined SETs from bytes to requests. In this package, since the parser is nobody else's. */
@State(Scope.Thread)
public class RequestParserBenchmark {
    private static final int VALUE_BYTES = 256;

    private final RequestParser parser =
            new RequestParser(RedisConfig.of("127.0.0.1", 0, "member").limits());
    private final ByteBuf bytes = Unpooled.directBuffer();

    public RequestParserBenchmark() {
        for (int i = 0; i < Batch.SIZE; i++) {
            bytes.writeBytes("*3\r\n$3\r\nSET\r\n$16\r\n".getBytes(StandardCharsets.US_ASCII))
                    .writeBytes(Batch.key(i))
                    .writeBytes(("\r\n$" + VALUE_BYTES + "\r\n").getBytes(StandardCharsets.US_ASCII))
                    .writeZero(VALUE_BYTES)
                    .writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public void parse(Blackhole sink) throws ProtocolViolation {
        bytes.readerIndex(0);
        for (int i = 0; i < Batch.SIZE; i++) {
            sink.consume(parser.next(bytes));
        }
    }
}
