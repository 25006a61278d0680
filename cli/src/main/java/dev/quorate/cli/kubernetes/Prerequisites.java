package dev.quorate.cli.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** What the Kubernetes demo needs of the machine: a Docker engine that answers. What is missing is named, and installed when that was agreed to. */
final class Prerequisites {
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(10);

    private Prerequisites() {}

    /**
     * Sees to a Docker engine.
     *
     * @param agreed whether packages may be installed
     * @throws MissingException when something is missing and may not be installed
     */
    static void ensure(Path checkout, boolean agreed, Consumer<String> progress) {
        if (Shell.succeeds(SHORT, "docker", "version")) {
            return;
        }
        boolean client = Shell.succeeds(SHORT, "sh", "-c", "command -v dockerd");
        String what = client ? "a running Docker engine" : "Docker";
        if (!agreed) {
            throw new MissingException("This machine lacks " + what
                    + ". Install it (Debian: apt-get install docker.io) or run again with --yes.");
        }
        progress.accept("installing and starting " + what);
        Optional<Path> folder = KubernetesImage.folder(checkout);
        if (folder.isPresent()) {
            Shell.run(INSTALL_TIMEOUT, "sh", folder.get().resolve("load.sh").toString(), "--engine-only");
        } else {
            Shell.run(
                    INSTALL_TIMEOUT,
                    "sh",
                    "-c",
                    "apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io");
            Shell.run(SHORT, "sh", "-c", "service docker start || (setsid dockerd >/tmp/dockerd.log 2>&1 &)");
        }
    }

    /** Something that the demo can't do without. */
    static final class MissingException extends RuntimeException {
        MissingException(String sentence) {
            super(sentence);
        }
    }
}
