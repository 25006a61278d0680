package dev.quorate.control;

import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import java.util.List;

/** One thing to do. Each may be repeated, and is refused where it takes effect when what it was planned on no longer holds. */
public sealed interface Step {
    /** What it does, for people, in a few words. */
    String words();

    /** Makes a group's resources, or what is missing of them; with so many nodes if it has none. */
    record CreateGroup(int group, int nodes) implements Step {
        @Override
        public String words() {
            return "create group " + group;
        }
    }

    /** Gives a group another number of nodes. */
    record ResizeGroup(int group, int nodes) implements Step {
        @Override
        public String words() {
            return "give group " + group + " " + nodes + (nodes == 1 ? " node" : " nodes");
        }
    }

    /** Records the root group's members on the platform, for ever, before they are bootstrapped. */
    record RecordMembers(int group, List<Member> members) implements Step {
        public RecordMembers {
            members = List.copyOf(members);
        }

        @Override
        public String words() {
            return "record the members of group " + group;
        }
    }

    /** Sends the recorded set to the group's members that do not have it yet. */
    record BootstrapGroup(int group, List<Member> members, List<Member> rootMembers) implements Step {
        public BootstrapGroup {
            members = List.copyOf(members);
            rootMembers = List.copyOf(rootMembers);
        }

        @Override
        public String words() {
            return "bootstrap group " + group;
        }
    }

    /** A change of the shard map: groups' lives and shards' moves. */
    record ChangeMap(MapChange change) implements Step {
        @Override
        public String words() {
            return MapChanges.words(change);
        }
    }

    /** Has the group's leader hand over, so that it may be restarted. */
    record TransferLeadership(int group, String targetMemberId, String targetName) implements Step {
        @Override
        public String words() {
            return "hand the leadership of group " + group + " to " + targetName;
        }
    }

    /** A change of a group's members, by its leader. */
    record ChangeMembers(int group, ChangeMembersRequest change, String words) implements Step {}

    /** Restarts one node, its volume kept. */
    record RestartNode(int group, String node) implements Step {
        @Override
        public String words() {
            return "restart " + node + " of group " + group;
        }
    }

    /** Removes the resources of a group that the root group has removed. */
    record DeleteGroup(int group) implements Step {
        @Override
        public String words() {
            return "delete group " + group;
        }
    }
}
