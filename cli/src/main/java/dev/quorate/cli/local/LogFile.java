package dev.quorate.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this process logs, one line an event, in a file of bounded size: the terminal belongs to the command. */
public final class LogFile {
    private static final int BYTES_MAX = 16 << 20;
    private static final int FILES = 2;

    private LogFile() {}

    /**
     * From now on everything is logged there, and nowhere else.
     *
     * @param pattern of the files' names, as {@link FileHandler} takes it
     */
    public static void use(Path pattern) throws IOException {
        Handler handler = new FileHandler(pattern.toString(), BYTES_MAX, FILES, true);
        handler.setFormatter(new OneLine());
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(handler);
    }

    private static final class OneLine extends Formatter {
        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

        @Override
        public String format(LogRecord event) {
            String name = event.getLoggerName();
            String line = TIME.format(LocalDateTime.ofInstant(event.getInstant(), ZoneId.systemDefault())) + " "
                    + event.getLevel() + " " + name.substring(name.lastIndexOf('.') + 1) + " " + formatMessage(event);
            return event.getThrown() == null
                    ? line + System.lineSeparator()
                    : line + " cause=\"" + event.getThrown() + "\"" + System.lineSeparator();
        }
    }
}
