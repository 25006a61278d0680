package dev.quorate.cli.view;

/**
 * Where a member runs on this machine.
 *
 * @param pid its process; 0 while it does not run
 * @param directory the folder that holds its data and logs
 */
public record MemberPlace(long pid, String directory) {
    public static final MemberPlace UNKNOWN = new MemberPlace(0, "");
}
