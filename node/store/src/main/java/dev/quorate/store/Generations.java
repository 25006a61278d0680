package dev.quorate.store;

import dev.quorate.store.proto.BeginGeneration;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.GroupMembers;

/**
 * Rule 7 of the design: when the map was lost with the root group, every group first begins a new generation. What the former root decided is then of no
 * consequence any more, however late it comes; so the map may be rebuilt from what the groups own.
 */
final class Generations {
    private Generations() {}

    static GroupMembers begin(GroupMembers members, BeginGeneration command) {
        return command.getGeneration() <= members.getGeneration()
                ? members
                : members.toBuilder().setGeneration(command.getGeneration()).build();
    }

    /** Whether the command belongs to a move, or a settlement, that the group's generation has made void. */
    static boolean isVoid(Command command, long generation) {
        return switch (command.getCommandCase()) {
            case BEGIN_EXPORT -> command.getBeginExport().getMoveId() <= generation;
            case FREEZE -> command.getFreeze().getMoveId() <= generation;
            case THAW -> command.getThaw().getMoveId() <= generation;
            case RELEASE -> command.getRelease().getMoveId() <= generation;
            case BEGIN_IMPORT -> command.getBeginImport().getMoveId() <= generation;
            case IMPORT_CHUNK -> command.getImportChunk().getMoveId() <= generation;
            case COMPLETE_IMPORT -> command.getCompleteImport().getMoveId() <= generation;
            case ADOPT -> command.getAdopt().getMoveId() <= generation;
            case DISCARD_IMPORT -> command.getDiscardImport().getMoveId() <= generation;
            case SETTLE -> command.getSettle().getGeneration() != generation;
            default -> false;
        };
    }
}
