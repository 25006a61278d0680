package dev.quorate.cli.nemesis;

/** What befalls a cluster of processes, or is asked of it, while clients use it. */
enum Fault {
    /** A member's process ends at once (SIGKILL), its group's leader more often than another. */
    KILL(6),
    /** All processes of a group end at once. */
    POWER_LOSS(1),
    /** A member's process stands still (SIGSTOP), mostly for longer than an election, and goes on. */
    PAUSE(4),
    /** A member's process ends in good order (SIGTERM). */
    RESTART(3),
    /** A member's disk is lost with its process; its group gets another member in its place. */
    WIPE(2),
    /** A group's leader hands over. */
    TRANSFER(4),
    /** A member and all others lose what they send to each other. */
    PARTITION(4),
    /** What a member sends is lost, or what is sent to it. */
    ONE_WAY(3),
    /** What a member sends to others arrives late. */
    SLOW(2),
    /** Another number of groups is asked for, also before the last one was reached. */
    SCALE(4),
    /** A shard moves. */
    MOVE(10),
    /** A move that is under way is aborted. */
    ABORT(3);

    private static final int TOTAL;

    static {
        int total = 0;
        for (Fault fault : values()) {
            total += fault.weight;
        }
        TOTAL = total;
    }

    private final int weight;

    Fault(int weight) {
        this.weight = weight;
    }

    String words() {
        return name().toLowerCase().replace('_', ' ');
    }

    /** The fault that a number from 0 to 1 stands for: as often as its weight among all. */
    static Fault at(double share) {
        double left = share * TOTAL;
        for (Fault fault : values()) {
            left -= fault.weight;
            if (left < 0) {
                return fault;
            }
        }
        return values()[values().length - 1];
    }
}
