/**
 * Sorting and merging of pairs, as bytes. This package knows neither jobs nor types.
 *
 * <pre>
 *  map side                                                          reduce side
 *   add(key, value) --> SortBuffer ------ spill ---> RunFile -+
 *                   or CombiningTable                         | one run      segments of partition p, one of each map
 *                       |                          RunFile ---+--> RunFile --------> Merger ------> Groups: a key, its values
 *                       +-- the rest, at the end ------------>+              (several passes when there are many)
 * </pre>
 *
 * <p>A <em>run</em> is a file of pairs in order, a <em>segment</em> for each partition. A segment is a row of blocks of about 64 KiB, each compressed
 * (LZ4) and with a CRC32C of what is stored; a pair never crosses blocks, so that readers hand out ranges of the block instead of copies. {@link
 * dev.quorate.mapreduce.engine.RunFile} says where the segments are.
 *
 * <h2>Memory</h2>
 *
 * The map side lives within a bound. {@link dev.quorate.mapreduce.engine.SortBuffer} is one array: pairs from its front, and from its back an index of 16 bytes
 * a pair (partition, place, first eight bytes of the key), which alone is moved when it sorts. {@link
 * dev.quorate.mapreduce.engine.CombiningTable} is for jobs with a combiner: a hash table from key to the values not combined yet. Each time its values fill
 * their area every key's values are combined, so that what has few keys is never sorted or spilled at all. Readers and mergers hold a block of each input;
 * {@link dev.quorate.mapreduce.engine.MergePasses} bounds how many there are at a time.
 */
package dev.quorate.mapreduce.engine;
