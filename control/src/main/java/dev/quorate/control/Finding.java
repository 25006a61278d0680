package dev.quorate.control;

/** Something that stands between a cluster and its specification: a fact for a status condition. */
public sealed interface Finding {
    /** How much it matters. */
    enum Severity {
        /** Work under way; time will do it. */
        PROGRESS,
        /** Something is broken, and the cluster goes on without it, or waits for it. */
        DEGRADED,
        /** Nothing goes on here until a person decides. */
        BLOCKED
    }

    Severity severity();

    /** What is so, and what to do about it, for people. */
    String words();

    /** A node does not answer: not started yet, or in trouble. */
    record NodeSilent(int group, String node, String reason) implements Finding {
        @Override
        public Severity severity() {
            return Severity.DEGRADED;
        }

        @Override
        public String words() {
            return "node " + node + " of group " + group + " does not answer: " + reason;
        }
    }

    /** A node answers and says that it is not well. */
    record NodeUnwell(int group, String node, String reason) implements Finding {
        @Override
        public Severity severity() {
            return Severity.DEGRADED;
        }

        @Override
        public String words() {
            return "node " + node + " of group " + group + " is not well: " + reason;
        }
    }

    /** A group is being made: its nodes are not all there yet. */
    record WaitingForNodes(int group, int answering, int replicas) implements Finding {
        @Override
        public Severity severity() {
            return Severity.PROGRESS;
        }

        @Override
        public String words() {
            return "group " + group + " waits for its nodes: " + answering + " of " + replicas + " answer";
        }
    }

    /** A bootstrapped group has its quorum but knows no leader at this moment. */
    record NoLeader(int group) implements Finding {
        @Override
        public Severity severity() {
            return Severity.DEGRADED;
        }

        @Override
        public String words() {
            return "group " + group + " is electing a leader";
        }
    }

    /** Too few of a group's members answer for it to serve. */
    record QuorumLost(int group, int answering, int members) implements Finding {
        @Override
        public Severity severity() {
            return Severity.DEGRADED;
        }

        @Override
        public String words() {
            return "group " + group + " has lost its quorum: " + answering + " of " + members
                    + " members answer; its shards wait until more do";
        }
    }

    /** The root group does not say what the shard map is. */
    record MapUnreadable(String reason) implements Finding {
        @Override
        public Severity severity() {
            return Severity.DEGRADED;
        }

        @Override
        public String words() {
            return "the shard map can't be read: " + reason;
        }
    }

    /** A group that was bootstrapped, and all of whose disks are empty. Never bootstrapped again. */
    record DataLost(int group) implements Finding {
        @Override
        public Severity severity() {
            return Severity.BLOCKED;
        }

        @Override
        public String words() {
            return "group " + group
                    + " is known but all its disks are empty: restore its volumes, or delete the cluster";
        }
    }

    /** A node whose disk is not the one that its group's record names. */
    record WipedMember(int group, String node) implements Finding {
        @Override
        public Severity severity() {
            return Severity.DEGRADED;
        }

        @Override
        public String words() {
            return "node " + node + " of group " + group
                    + " has an empty disk and is no longer the member that it was: a new member takes its place";
        }
    }

    /** Replicas that should be equal are not, and it is not plain which of them is wrong. */
    record ReplicasDiffer(int group, String what) implements Finding {
        @Override
        public Severity severity() {
            return Severity.DEGRADED;
        }

        @Override
        public String words() {
            return "replicas of group " + group + " differ: " + what;
        }
    }

    /** A node on a disk that belongs to something else, or holds state that contradicts the record. */
    record ForeignVolume(int group, String node, String whose) implements Finding {
        @Override
        public Severity severity() {
            return Severity.BLOCKED;
        }

        @Override
        public String words() {
            return "node " + node + " of group " + group + " has a disk that belongs to " + whose
                    + ": adopt that cluster, or delete the volume";
        }
    }

    /** Resources of a group that the shard map has never known. Left alone. */
    record StrayGroup(int group) implements Finding {
        @Override
        public Severity severity() {
            return Severity.BLOCKED;
        }

        @Override
        public String words() {
            return "group " + group + " has resources, but the shard map has never known it: delete them by hand";
        }
    }

    /** The shard map belongs to another cluster, or was made with another number of shards. */
    record WrongMap(String what) implements Finding {
        @Override
        public Severity severity() {
            return Severity.BLOCKED;
        }

        @Override
        public String words() {
            return "the shard map is not this cluster's: " + what;
        }
    }

    /** Shards are on their way, or still have to be. */
    record Unbalanced(int moving, int toMove) implements Finding {
        @Override
        public Severity severity() {
            return Severity.PROGRESS;
        }

        @Override
        public String words() {
            return moving + " shards are moving, " + toMove + " wait";
        }
    }

    /** A group joins. */
    record Joining(int group) implements Finding {
        @Override
        public Severity severity() {
            return Severity.PROGRESS;
        }

        @Override
        public String words() {
            return "group " + group + " is joining";
        }
    }

    /** A group leaves. */
    record Leaving(int group, int shardsLeft) implements Finding {
        @Override
        public Severity severity() {
            return Severity.PROGRESS;
        }

        @Override
        public String words() {
            return "group " + group + " is leaving, " + shardsLeft + " shards left";
        }
    }

    /** A group has not yet the members or nodes that are asked for. */
    record Resizing(int group, int voters, int replicas, String waitsFor) implements Finding {
        @Override
        public Severity severity() {
            return Severity.PROGRESS;
        }

        @Override
        public String words() {
            return "group " + group + " has " + voters + (voters == 1 ? " voter" : " voters") + " and goes to "
                    + replicas + (waitsFor.isEmpty() ? "" : ", waiting for " + waitsFor);
        }
    }

    /** Nodes still run something else than what is asked for. */
    record Rolling(int outdated, String waitsFor) implements Finding {
        @Override
        public Severity severity() {
            return Severity.PROGRESS;
        }

        @Override
        public String words() {
            return outdated + " nodes are still to be restarted"
                    + (waitsFor.isEmpty() ? "" : ", waiting for " + waitsFor);
        }
    }
}
