package dev.quorate.bench.micro;

import com.google.protobuf.ByteString;
import dev.quorate.api.SessionCall;
import dev.quorate.raft.Entry;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.WriteCommand;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What the benchmarks work on: writes of 256 bytes to keys of 16 bytes, 64 at a time. */
final class Batch {
    static final int SIZE = 64;

    static final ByteString CLIENT = ByteString.copyFrom(new byte[16]);

    /** This and all that are used after it have as many bytes in a command. */
    static final long FIRST_SEQUENCE = 1L << 28;

    private static final int SEQUENCE_BYTES = 5;
    private static final int VALUE_BYTES = 256;
    private static final Random RANDOM = new Random(1);

    private Batch() {}

    /** A write as the state machine reads it. */
    static Command command(int number) {
        byte[] value = new byte[VALUE_BYTES];
        RANDOM.nextBytes(value);
        return Command.newBuilder()
                .setWrite(WriteCommand.newBuilder()
                        .setShard(0)
                        .setNowMillis(1)
                        .addOperations(Operation.newBuilder()
                                .setKey(ByteString.copyFrom(key(number)))
                                .setPut(Put.newBuilder().setValue(ByteString.copyFrom(value)))))
                .build();
    }

    /** The same write by a session of the shard that its number names; {@link #setSequence} tells which of the session's writes it is. */
    static byte[] sessionCommand(int number) {
        Command plain = command(number);
        SessionCall call = SessionCall.newBuilder()
                .setClientId(CLIENT)
                .setIncarnation(1)
                .setSequence(FIRST_SEQUENCE)
                .setLowestOutstanding(FIRST_SEQUENCE)
                .build();
        return Command.newBuilder()
                .setWrite(plain.getWrite().toBuilder().setShard(number).setSession(call))
                .build()
                .toByteArray();
    }

    /** Changes the sequence and the lowest outstanding one, which are the last two numbers of the command. */
    static void setSequence(byte[] command, long sequence) {
        setNumber(command, command.length - SEQUENCE_BYTES, sequence);
        setNumber(command, command.length - 2 * SEQUENCE_BYTES - 1, sequence);
    }

    private static void setNumber(byte[] command, int at, long number) {
        for (int i = 0; i < SEQUENCE_BYTES; i++) {
            int more = i + 1 < SEQUENCE_BYTES ? 0x80 : 0;
            command[at + i] = (byte) (number >>> 7 * i & 0x7f | more);
        }
    }

    static byte[] key(int number) {
        return "key-%012d".formatted(number).getBytes(StandardCharsets.US_ASCII);
    }

    static List<byte[]> commands() {
        List<byte[]> commands = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            commands.add(command(i).toByteArray());
        }
        return commands;
    }

    /** The commands as entries that follow an index. */
    static List<Entry> entries(List<byte[]> commands, long afterIndex) {
        List<Entry> entries = new ArrayList<>(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            entries.add(new Entry(afterIndex + 1 + i, 1, Entry.Type.COMMAND, commands.get(i)));
        }
        return entries;
    }
}
