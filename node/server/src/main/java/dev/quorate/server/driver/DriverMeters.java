package dev.quorate.server.driver;

/** What the driver measures. */
public interface DriverMeters {
    /** One fsync of the log, whatever it covered. */
    void synced(long nanos);

    /** One batch of entries went through the state machine. */
    void applied(int entries, long nanos);
}
