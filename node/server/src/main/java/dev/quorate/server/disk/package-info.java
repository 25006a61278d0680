/**
 * What a member knows of the disk under it: how much space is left, and what it still does when there is none.
 *
 * <p>{@link dev.quorate.server.disk.DiskSpace} holds a reserve file. While there is plenty of space the reserve is of no use to anybody. When the
 * disk fills up it is released, and what it took is for those who make space: deletes, the flushes and compactions that follow from them, and
 * whatever was under way. Once enough space is back the reserve is made again, and writes are taken again. Nobody has to restart anything.
 *
 * <pre>
 * state      reserve    taken by this member as leader
 * PLENTY     held       everything
 * FULL       released   deletes and reads; other writes are refused: DISK_FULL, NOT_APPLIED
 * EXHAUSTED  used up    reads; the log waits for space, and a leader hands over as with a stalled disk
 * </pre>
 */
package dev.quorate.server.disk;
