import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** The same text each time: {@code words|sort MEBIBYTES FILE}. Words' frequencies are inverse to their ranks; lines to sort are of a random key, a tab and 88 bytes. */
public final class Input {
    private static final int VOCABULARY = 200_000;
    private static final int WORDS_OF_LINE = 12;

    public static void main(String[] arguments) throws IOException {
        long bytes = Long.parseLong(arguments[1]) << 20;
        Random random = new Random(1);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[2])), 1 << 20)) {
            while (bytes > 0) {
                byte[] line = (arguments[0].equals("words") ? words(random) : record(random))
                        .getBytes(StandardCharsets.US_ASCII);
                out.write(line);
                bytes -= line.length;
            }
        }
    }

    private static String words(Random random) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < WORDS_OF_LINE; i++) {
            int rank = (int) Math.exp(random.nextDouble() * Math.log(VOCABULARY));
            line.append(Integer.toString(rank * 31 + 100, Character.MAX_RADIX)).append(i < WORDS_OF_LINE - 1 ? ' ' : '\n');
        }
        return line.toString();
    }

    private static String record(Random random) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            line.append((char) ('a' + random.nextInt(26)));
        }
        line.append('\t');
        for (int i = 0; i < 8; i++) {
            line.append(Long.toString(random.nextLong() & 0xFFFFFFFFFFFFFL | 1L << 52, Character.MAX_RADIX));
        }
        return line.append('\n').toString();
    }
}
