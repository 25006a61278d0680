package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.keyspace.KeyspaceTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a user asks for.
 *
 * @param jars with the classes named here; empty when they are on the class path
 * @param map empty for a mapper that passes its input on
 * @param reduce empty for a reducer that passes on each value with its key
 * @param partition {@code hash}, {@code range} (total order, by a sample of the keys) or a class
 * @param input as the input format knows them: files, directories, patterns
 * @param inputFormat {@code text}, {@code json}, {@code pairs}, {@code fixed:K,V}, {@code keyspace:MIB}, {@code keyspace:MIB,SECONDS} or a class
 * @param output directory
 * @param outputFormat {@code text}, {@code fixed} or a class
 * @param reducers partitions, and so files of the output
 * @param splitBytes size wanted of a map task's input
 * @param sortBufferBytes memory of a map task for what it has made and not yet written
 * @param skipBadRecords how many records on which user code throws the job may leave out
 * @param keyspace where the output goes from the output directory, in the output format {@code staged}
 */
public record JobSpec(
        List<Path> jars,
        Optional<Function> map,
        Optional<Function> combine,
        Optional<Function> reduce,
        String partition,
        List<String> input,
        String inputFormat,
        Path output,
        String outputFormat,
        int reducers,
        long splitBytes,
        int sortBufferBytes,
        int skipBadRecords,
        Optional<KeyspaceTarget> keyspace) {
    public static final int REDUCERS_MAX = 10_000;

    /** What a phase runs. */
    public sealed interface Function {
        /** For people. */
        String describe();

        record JavaClass(String name) implements Function {
            @Override
            public String describe() {
                return "class " + name;
            }
        }

        /**
         * @param line for a shell
         */
        record Command(String line) implements Function {
            @Override
            public String describe() {
                return "command '" + line + "'";
            }
        }
    }

    public JobSpec {
        jars = List.copyOf(jars);
        input = List.copyOf(input);
    }
}
