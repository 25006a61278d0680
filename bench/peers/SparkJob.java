import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** Word count or sort by Spark, two tasks at a time: {@code words|sort INPUT OUTPUT}. */
public final class SparkJob {
    public static void main(String[] arguments) {
        SparkConf conf = new SparkConf()
                .setMaster("local[2]")
                .setAppName("peer")
                .set("spark.ui.enabled", "false")
                .set("spark.local.dir", arguments[2] + ".tmp");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            JavaRDD<String> lines = spark.textFile(arguments[1]);
            if (arguments[0].equals("words")) {
                lines.flatMap(line -> Arrays.asList(line.split(" ")).iterator())
                        .filter(word -> !word.isEmpty())
                        .mapToPair(word -> new Tuple2<>(word, 1L))
                        .reduceByKey(Long::sum, 2)
                        .map(pair -> pair._1 + "\t" + pair._2)
                        .saveAsTextFile(arguments[2]);
            } else {
                lines.mapToPair(line -> {
                            int tab = line.indexOf('\t');
                            return new Tuple2<>(line.substring(0, tab), line.substring(tab + 1));
                        })
                        .sortByKey(true, 2)
                        .map(pair -> pair._1 + "\t" + pair._2)
                        .saveAsTextFile(arguments[2]);
            }
        }
    }
}
