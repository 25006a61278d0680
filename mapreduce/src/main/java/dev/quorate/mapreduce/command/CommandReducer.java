package dev.quorate.mapreduce.command;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.TaskContext;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.util.Iterator;

/** A reducer that is a command. */
public final class CommandReducer implements Reducer<Object, Object, Text, Text>, AutoCloseable {
    private final String line;
    private TaskContext context;
    private CommandProcess process;

    public CommandReducer(String line) {
        this.line = line;
    }

    @Override
    public void open(TaskContext taskContext) {
        context = taskContext;
    }

    @Override
    public void reduce(Object key, Iterator<Object> values, Emitter<Text, Text> out) throws IOException {
        CommandProcess running = started(out);
        while (values.hasNext()) {
            running.write(key, values.next());
        }
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
