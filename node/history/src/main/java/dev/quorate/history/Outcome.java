package dev.quorate.history;

/** What a client knows of its operation's effect in the end. */
public enum Outcome {
    /** It took effect, once. */
    OK,
    /** It did not and never will. */
    FAILED,
    /** It did, will, or won't. */
    UNKNOWN
}
