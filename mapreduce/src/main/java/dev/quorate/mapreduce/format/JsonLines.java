package dev.quorate.mapreduce.format;

import com.fasterxml.jackson.core.JsonProcessingException;
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
    private static final ObjectMapper JSON = new ObjectMapper();

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
            } while (lines.start() == lines.end());
            return true;
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
                Text line = new Text().set(lines.array(), lines.start(), lines.end());
                throw new MalformedRecordException("no JSON: " + e.getOriginalMessage(), line.toString());
            } catch (IOException e) {
                throw new AssertionError("reading from an array", e);
            }
        }
    }
}
