package dev.quorate.history;

/** What a client asks for, of one key. */
public sealed interface Operation {
    String key();

    /** Answered by {@link Result.Read}. */
    record Get(String key) implements Operation {}

    /** Whatever the key held. Answered by {@link Result.Written}. */
    record Put(String key, String value) implements Operation {}

    /** Answered by {@link Result.Deleted}. */
    record Delete(String key) implements Operation {}

    /**
     * A put if the key's version is the expected one. Answered by {@link Result.Swapped}.
     *
     * @param expectedVersion 0 for a key that is absent
     */
    record CompareAndSet(String key, long expectedVersion, String value) implements Operation {}

    /** Adds to a number in decimal, absent counting as 0. Answered by {@link Result.Sum}. */
    record Increment(String key, long delta) implements Operation {}

    /** Absent counts as empty. Answered by {@link Result.Length}. */
    record Append(String key, String suffix) implements Operation {}
}
