package dev.quorate.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        for (long seed = 1; seed <= 20; seed++) {
            History history = new Generator(new Random(seed), seed % 2 == 0).history(5, 100, 0.1);
            Path file = directory.resolve(seed + ".jsonl");
            history.write(file);
            assertThat(History.read(file)).isEqualTo(history);
        }
    }

    @Test
    void theFormatIsTheDocumentedOne() throws IOException {
        Path file = directory.resolve("h.jsonl");
        new Hand()
                .ok(10, 25, Hand.put("v\n\"ü"), Hand.written(7))
                .ok(30, 31, Hand.cas(7, "w"), new Result.Swapped(true, null))
                .failed(40, 41, Hand.increment(-1))
                .unknown(50, Hand.delete())
                .history()
                .write(file);
        assertThat(file).hasContent("""
                        {"client":"c0","operation":"put","arguments":{"key":"k","value":"v\\n\\"ü"},"result":{"version":7},"call_ns":10,"return_ns":25,"outcome":"ok"}
                        {"client":"c1","operation":"cas","arguments":{"key":"k","expected_version":7,"value":"w"},"result":{"applied":true,"current":null},"call_ns":30,"return_ns":31,"outcome":"ok"}
                        {"client":"c2","operation":"increment","arguments":{"key":"k","delta":-1},"result":null,"call_ns":40,"return_ns":41,"outcome":"failed"}
                        {"client":"c3","operation":"delete","arguments":{"key":"k"},"result":null,"call_ns":50,"return_ns":null,"outcome":"unknown"}
                        """);
    }

    @Test
    void aBadLineIsNamed() throws IOException {
        Path file = directory.resolve("bad.jsonl");
        String good = JsonLine.of(Invocation.unknown("c", Hand.delete(), 1));
        for (String bad : new String[] {
            "",
            "{",
            "7",
            good.replace("\"delete\"", "\"undo\""),
            good.replace("\"call_ns\":1", "\"call_ns\":1.5"),
            good.replace("\"unknown\"", "\"ok\""),
            good.replace("\"client\":\"c\",", "")
        }) {
            Files.writeString(file, good + "\n" + bad + "\n");
            assertThatIOException().isThrownBy(() -> History.read(file)).withMessageContaining("line 2");
        }
    }
}
