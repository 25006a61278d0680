package dev.quorate.raft.sim;

import java.util.SplittableRandom;

/**
 * How bad the world is. Chances are in thousandths, times in units of simulated time; a tick is {@link Simulation#TICK} of them.
 *
 * @param drop chance that a message is lost
 * @param duplicate chance that a message arrives twice
 * @param maxDelay of a message; delays differ, so messages overtake each other
 * @param maxDiskDelay of a write
 * @param drift how far a clock may run slow or fast
 * @param electionSpread how many different election time-outs there are; the fewer, the more elections collide
 * @param transfer chance that a client asks for a transfer of leadership
 * @param faultInterval time between two faults (crash, pause, partition)
 * @param crashAtVote chance of a crash just when a vote or a new term is to be written, the most delicate moment of all
 */
record FaultProfile(
        int drop,
        int duplicate,
        int maxDelay,
        int maxDiskDelay,
        int drift,
        int electionSpread,
        int transfer,
        int faultInterval,
        int crashAtVote) {
    static final FaultProfile NONE = new FaultProfile(0, 0, 5, 5, 0, Integer.MAX_VALUE, 20, 0, 0);

    static FaultProfile random(SplittableRandom random) {
        boolean slowDisk = random.nextInt(4) == 0;
        return new FaultProfile(
                random.nextInt(4) == 0 ? 0 : random.nextInt(150),
                random.nextInt(100),
                2 + random.nextInt(40),
                slowDisk ? 10 + random.nextInt(300) : 1 + random.nextInt(20),
                random.nextInt(6),
                1 + random.nextInt(10),
                random.nextInt(150),
                40 + random.nextInt(400),
                random.nextBoolean() ? 0 : random.nextInt(300));
    }
}
