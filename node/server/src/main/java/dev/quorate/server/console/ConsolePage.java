package dev.quorate.server.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The console's page: HTML that needs nothing else but {@code /api/status}. */
public final class ConsolePage {
    private ConsolePage() {}

    public static String html() {
        try (InputStream page = ConsolePage.class.getResourceAsStream("console.html")) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
