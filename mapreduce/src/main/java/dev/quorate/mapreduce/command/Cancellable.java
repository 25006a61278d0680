package dev.quorate.mapreduce.command;

/** An attempt that may have to end while its thread writes to a command that does not read: no interruption ends such a write, only the command's end does. */
public interface Cancellable {
    boolean cancelled();

    /**
     * Says what is to be done then, from another thread; of several calls the last one counts.
     *
     * @param action done at once when it is cancelled already
     */
    void onCancel(Runnable action);
}
