package dev.quorate.mapreduce.command;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.TaskContext;
import dev.quorate.mapreduce.Text;
import java.io.IOException;

/** A mapper that is a command. */
public final class CommandMapper implements Mapper<Object, Object, Text, Text>, AutoCloseable {
    private final String line;
    private final boolean valuesOnly;
    private TaskContext context;
    private CommandProcess process;

    /**
     * @param valuesOnly whether it gets no keys
     */
    public CommandMapper(String line, boolean valuesOnly) {
        this.line = line;
        this.valuesOnly = valuesOnly;
    }

    @Override
    public void open(TaskContext taskContext) {
        context = taskContext;
    }

    @Override
    public void map(Object key, Object value, Emitter<Text, Text> out) throws IOException {
        started(out).write(valuesOnly ? null : key, value);
    }

    private CommandProcess started(Emitter<Text, Text> out) throws IOException {
        if (process == null) {
            process = new CommandProcess(line, context, out);
        }
        return process;
    }

    @Override
    public void close(Emitter<Text, Text> out) throws IOException {
        started(out).finish();
    }

    @Override
    public void close() {
        if (process != null) {
            process.stop();
        }
    }
}
