package dev.quorate.mapreduce.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.mapreduce.InputFormat;
import dev.quorate.mapreduce.MalformedRecordException;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.util.List;

/** {@code json}. */
public final class JsonLines implements InputFormat<Long, JsonNode> {
    /** What follows a value in its line would be lost unseen. */
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Override
    public List<Split> splits(String input, long splitBytes) throws IOException {
        return InputFiles.splits(input, splitBytes, 1);
    }

    @Override
    public RecordReader<Long, JsonNode> open(Split split) throws IOException {
        return new Records(split);
    }

    private static final class Records extends LineRecords<Long, JsonNode> {
        private Records(Split split) throws IOException {
            super(split);
        }

        @Override
        public boolean next() throws IOException {
            do {
                if (!lines.next()) {
                    return false;
                }
            } while (blank());
            return true;
        }

        private boolean blank() {
            byte[] array = lines.array();
            int at = lines.start();
            while (at < lines.end() && (array[at] == ' ' || array[at] == '\t' || array[at] == '\r')) {
                at++;
            }
            return at == lines.end();
        }

        @Override
        public Long key() {
            return lines.offset();
        }

        @Override
        public JsonNode value() {
            try {
                return JSON.readTree(lines.array(), lines.start(), lines.end() - lines.start());
            } catch (JsonProcessingException e) {
                throw malformed(e.getOriginalMessage());
            } catch (IOException e) {
                throw malformed(e.getMessage()); // bytes that are no text
            }
        }

        private MalformedRecordException malformed(String why) {
            Text line = new Text().set(lines.array(), lines.start(), lines.end());
            return new MalformedRecordException("no JSON: " + why, line.toString());
        }
    }
}
