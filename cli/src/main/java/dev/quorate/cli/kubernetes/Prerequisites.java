package dev.quorate.cli.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** What the Kubernetes demo needs of the machine. What is missing is named, and installed when that was agreed to. */
final class Prerequisites {
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(10);
    private static final String AS_ROOT = "[ \"$(id -u)\" = 0 ] && root= || root=sudo; ";

    private Prerequisites() {}

    /**
     * Sees to a Docker engine that answers.
     *
     * @param agreed whether packages may be installed
     * @throws MissingException when there is none and none may be installed
     */
    static void ensureDocker(Path checkout, boolean agreed, Consumer<String> progress) {
        if (Shell.succeeds(SHORT, "docker", "version")) {
            return;
        }
        boolean installed = Shell.succeeds(SHORT, "sh", "-c", "PATH=$PATH:/usr/sbin command -v dockerd");
        String what = installed ? "a running Docker engine" : "Docker";
        if (!agreed) {
            throw new MissingException("This machine lacks " + what
                    + ". Install and start it (Debian: apt-get install docker.io) or run again with --yes.");
        }
        progress.accept("installing and starting " + what);
        Optional<Path> folder = KubernetesImage.folder(checkout);
        if (folder.isPresent()) {
            Shell.run(INSTALL_TIMEOUT, "sh", folder.get().resolve("load.sh").toString(), "--engine-only");
        } else {
            install("docker.io");
            Shell.run(INSTALL_TIMEOUT, "sh", "-c", AS_ROOT + "$root service docker start");
        }
    }

    /** Sees to kubectl, which reads the named context. */
    static void ensureKubectl(boolean agreed, Consumer<String> progress) {
        if (Shell.succeeds(SHORT, "sh", "-c", "command -v kubectl")) {
            return;
        }
        if (!agreed) {
            throw new MissingException(
                    "This machine lacks kubectl. Install it (Debian: apt-get install kubernetes-client) or run again with --yes.");
        }
        progress.accept("installing kubectl");
        install("kubernetes-client");
    }

    private static void install(String debianPackage) {
        Shell.run(
                INSTALL_TIMEOUT,
                "sh",
                "-c",
                AS_ROOT + "$root apt-get update -qq && $root apt-get install -y -qq --no-install-recommends "
                        + debianPackage);
    }

    /** Something that the demo can't do without. */
    static final class MissingException extends RuntimeException {
        MissingException(String sentence) {
            super(sentence);
        }
    }
}
