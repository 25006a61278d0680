package dev.quorate.cli.kubernetes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which image runs a Kubernetes in Docker: one that a local folder packs, where there is such a folder ({@code QUORATE_K3S_DIR}, else
 * {@code ../shared/k3s} beside the checkout), else a published k3s. The system property {@code quorate.k3s.image} overrules both.
 */
public record KubernetesImage(String name, boolean local) {
    private static final String PUBLISHED = "rancher/k3s:v1.35.4-k3s1";
    private static final String PACKED = "kubernetes-in-docker:v1.35.4";

    /** Finds the image; a local one is loaded into the Docker engine, which is installed and started where none answers. */
    public static KubernetesImage find(Path checkout) {
        String named = System.getProperty("quorate.k3s.image");
        Optional<Path> folder = folder(checkout);
        folder.ifPresent(path ->
                Shell.run(Duration.ofMinutes(5), "sh", path.resolve("load.sh").toString()));
        if (named != null) {
            return new KubernetesImage(named, false);
        }
        return folder.isPresent() ? new KubernetesImage(PACKED, true) : new KubernetesImage(PUBLISHED, false);
    }

    /** The folder with a packed image, if there is one. */
    public static Optional<Path> folder(Path checkout) {
        String set = System.getenv("QUORATE_K3S_DIR");
        Path path =
                set != null ? Path.of(set) : checkout.resolveSibling("shared").resolve("k3s");
        return Files.exists(path.resolve("load.sh")) ? Optional.of(path) : Optional.empty();
    }
}
