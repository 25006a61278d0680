package dev.quorate.server.requests;

/** Bounds what is under way, in number and bytes. */
final class Admission {
    private final int maxRequests;
    private final long maxBytes;
    private int requests;
    private long bytes;

    Admission(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** False when it would be too much: nothing was counted. */
    synchronized boolean enter(long requestBytes) {
        if (requests >= maxRequests || bytes + requestBytes > maxBytes) {
            return false;
        }
        requests++;
        bytes += requestBytes;
        return true;
    }

    synchronized void leave(long requestBytes) {
        requests--;
        bytes -= requestBytes;
    }

    synchronized int requests() {
        return requests;
    }
}
