package dev.quorate.bench.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.quorate.client.Endpoint;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** etcd through gRPC-Java, where Go is not there to build the better load generator. It speaks the two calls that it needs without generated code. */
final class EtcdTarget implements Target {
    private static final int KEY = 1;
    private static final int VALUE = 2;
    /** Of a range's response. */
    private static final int KVS = 2;

    private static final int CHANNELS_PER_MEMBER = 3;
    private static final MethodDescriptor<byte[], byte[]> PUT = method("Put");
    private static final MethodDescriptor<byte[], byte[]> RANGE = method("Range");

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();

    EtcdTarget(List<Endpoint> endpoints) {
        for (int i = 0; i < CHANNELS_PER_MEMBER; i++) {
            for (Endpoint endpoint : endpoints) {
                channels.add(Grpc.newChannelBuilderForAddress(
                                endpoint.host(), endpoint.port(), InsecureChannelCredentials.create())
                        .build());
            }
        }
    }

    private static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("etcdserverpb.KV/" + name)
                .build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public Connection connect() {
        ManagedChannel channel = channels.get(next.getAndIncrement() % channels.size());
        return new Connection() {
            @Override
            public void write(byte[] key, byte[] value) throws IOException {
                ClientCalls.blockingUnaryCall(channel, PUT, CallOptions.DEFAULT, putRequest(key, value));
            }

            @Override
            public void read(byte[] key) throws IOException {
                byte[] answer = ClientCalls.blockingUnaryCall(channel, RANGE, CallOptions.DEFAULT, rangeRequest(key));
                if (!holdsKey(answer)) {
                    throw new IOException("a key that was written is absent");
                }
            }
        };
    }

    static byte[] putRequest(byte[] key, byte[] value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(KEY, key);
        out.writeByteArray(VALUE, value);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] rangeRequest(byte[] key) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(KEY, key);
        out.flush();
        return bytes.toByteArray();
    }

    /** Whether a range's response has a key in it. */
    static boolean holdsKey(byte[] response) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(response);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == KVS) {
                return true;
            }
            in.skipField(tag);
        }
        return false;
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
