package dev.quorate.server.redis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** 64 pipelined SETs from bytes to requests. In the parser's own package, which alone sees it. */
@State(Scope.Thread)
public class RequestParserBenchmark {
    private static final int REQUESTS = 64;
    private static final int VALUE_BYTES = 256;

    private final RequestParser parser =
            new RequestParser(RedisConfig.of("127.0.0.1", 0, "member").limits());
    private final ByteBuf bytes = Unpooled.directBuffer();

    public RequestParserBenchmark() {
        for (int i = 0; i < REQUESTS; i++) {
            bytes.writeBytes("*3\r\n$3\r\nSET\r\n$16\r\n".getBytes(StandardCharsets.US_ASCII))
                    .writeBytes("key-%012d".formatted(i).getBytes(StandardCharsets.US_ASCII))
                    .writeBytes(("\r\n$" + VALUE_BYTES + "\r\n").getBytes(StandardCharsets.US_ASCII))
                    .writeZero(VALUE_BYTES)
                    .writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void parse(Blackhole sink) throws ProtocolViolation {
        bytes.readerIndex(0);
        for (int i = 0; i < REQUESTS; i++) {
            sink.consume(parser.next(bytes));
        }
    }
}
