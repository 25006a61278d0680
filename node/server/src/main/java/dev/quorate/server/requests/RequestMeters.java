package dev.quorate.server.requests;

/** What is measured of requests. */
public interface RequestMeters {
    /** @param outcome OK or the error's code */
    void finished(String operation, String outcome, long nanos);
}
