/**
 * Moves of shards between groups: what each side does, from its own replicated state and root's record of the move.
 *
 * <pre>
 *   root          target's leader                    source's leader
 *   Copying  -->  BeginImport
 *                 asks for the first chunk  ------>  reads root (still Copying), BeginExport: serves on, keeps a tail
 *                 ImportChunk ...           <------  rows, and the tail of what was changed meanwhile
 *                 has all there was         ------>  reads root (still Copying), FreezeShard: requests wait
 *                 ImportChunk               <------  the last of the tail
 *                 CompleteImport (digests agree)
 *   Switched &lt;--  DecideMove(SWITCHED)
 *                 AdoptShard: serves                 ReleaseShard: redirects
 *   target done   &lt;-- FinishMove(target)             PurgeShard
 *   gone          <--------------------------------  FinishMove(source)
 * </pre>
 *
 * <p>An abort at root, possible until Switched, makes the target discard and the source thaw. {@link dev.quorate.server.move.MoveLogic} is the table of
 * all this, pure; {@link dev.quorate.server.move.MoveRunner} carries out what it says on whoever leads. Nothing else is kept: any leader may die at any
 * step, and the next one goes on from the replicated state. No timer decides anything.
 */
package dev.quorate.server.move;
