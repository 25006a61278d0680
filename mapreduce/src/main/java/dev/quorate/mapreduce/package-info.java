/**
 * What the author of a job writes and sees.
 *
 * <p>A {@link dev.quorate.mapreduce.Mapper} turns each record of the input into pairs. The pairs are brought together by key, in the order of the keys'
 * bytes, by a {@link dev.quorate.mapreduce.Partitioner} spread over the partitions, and a {@link dev.quorate.mapreduce.Reducer} is called once for each
 * key with all of its values, which stream past: there may be more of them than memory holds. A {@link dev.quorate.mapreduce.Combiner} shrinks the pairs
 * of a key on the mapper's side; it may run any number of times, also none. Counting words is
 *
 * {@snippet :
 * final class Words implements Mapper<Long, Text, Text, Long> {
 *     public void map(Long offset, Text line, Emitter<Text, Long> out) throws IOException {
 *         for (String word : line.toString().split(" ")) {
 *             out.emit(Text.of(word), 1L);
 *         }
 *     }
 * }
 *
 * final class Sum implements Combiner<Text, Long> {
 *     public void reduce(Text word, Iterator<Long> counts, Emitter<Text, Long> out) throws IOException {
 *         long sum = 0;
 *         while (counts.hasNext()) {
 *             sum += counts.next();
 *         }
 *         out.emit(word, sum);
 *     }
 * }
 * }
 *
 * <p>Classes have a constructor without parameters and name their types in full ({@code implements Mapper<Long, Text, Text, Long>}), since that is how the
 * job learns how to write keys and values down ({@link dev.quorate.mapreduce.Codec}). Types known from the start: {@link dev.quorate.mapreduce.Text},
 * {@code String}, {@code Long}, {@code Integer}, {@code Double}, {@code byte[]}, {@code Void}, Jackson's {@code JsonNode}; any other class brings its codec
 * in a constant, {@code public static final Codec<Point> CODEC}.
 *
 * <p>An instance serves one attempt of one task, on one thread. What it is given belongs to the caller and may change after the call: copy what is to
 * be kept. Functions should be deterministic; of one that is not, the output of each partition is still that of exactly one attempt.
 */
package dev.quorate.mapreduce;
