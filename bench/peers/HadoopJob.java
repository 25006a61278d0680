import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mapreduce.Reducer;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.KeyValueTextInputFormat;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.partition.InputSampler;
import org.apache.hadoop.mapreduce.lib.partition.TotalOrderPartitioner;

/** Word count or sort by Hadoop's own local job runner: {@code words|sort INPUT OUTPUT}. */
public final class HadoopJob {
    public static final class Words extends Mapper<LongWritable, Text, Text, LongWritable> {
        private final Text word = new Text();
        private final LongWritable one = new LongWritable(1);

        @Override
        protected void map(LongWritable offset, Text line, Context context) throws IOException, InterruptedException {
            byte[] bytes = line.getBytes();
            int start = 0;
            for (int i = 0; i <= line.getLength(); i++) {
                if (i == line.getLength() || bytes[i] == ' ') {
                    if (i > start) {
                        word.set(bytes, start, i - start);
                        context.write(word, one);
                    }
                    start = i + 1;
                }
            }
        }
    }

    public static final class Sum extends Reducer<Text, LongWritable, Text, LongWritable> {
        private final LongWritable sum = new LongWritable();

        @Override
        protected void reduce(Text word, Iterable<LongWritable> counts, Context context)
                throws IOException, InterruptedException {
            long n = 0;
            for (LongWritable count : counts) {
                n += count.get();
            }
            sum.set(n);
            context.write(word, sum);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Configuration configuration = new Configuration();
        configuration.setInt("mapreduce.local.map.tasks.maximum", 2);
        configuration.setInt("mapreduce.local.reduce.tasks.maximum", 2);
        Job job = Job.getInstance(configuration);
        job.setJarByClass(HadoopJob.class);
        job.setNumReduceTasks(2);
        FileInputFormat.addInputPath(job, new Path(arguments[1]));
        FileOutputFormat.setOutputPath(job, new Path(arguments[2]));
        if (arguments[0].equals("words")) {
            job.setMapperClass(Words.class);
            job.setCombinerClass(Sum.class);
            job.setReducerClass(Sum.class);
            job.setOutputKeyClass(Text.class);
            job.setOutputValueClass(LongWritable.class);
        } else {
            job.setInputFormatClass(KeyValueTextInputFormat.class);
            job.setOutputKeyClass(Text.class);
            job.setOutputValueClass(Text.class);
            job.setPartitionerClass(TotalOrderPartitioner.class);
            TotalOrderPartitioner.setPartitionFile(job.getConfiguration(), new Path(arguments[2] + ".cuts"));
            InputSampler.writePartitionFile(job, new InputSampler.RandomSampler<Text, Text>(0.01, 100_000, 20));
        }
        System.exit(job.waitForCompletion(false) ? 0 : 1);
    }
}
