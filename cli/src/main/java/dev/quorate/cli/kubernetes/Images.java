package dev.quorate.cli.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Quorate's images, built by Docker from what Maven packaged. Builds need no network: the base image must be there or pullable. */
public final class Images {
    /** Version of the chart and so the images' tag. */
    public static final String TAG = "0.1.0";

    private static final Duration BUILD_TIMEOUT = Duration.ofMinutes(5);

    private record Image(String name, String context) {}

    private static final List<Image> ALL = List.of(
            new Image("quorate/node:" + TAG, "node/app"),
            new Image("quorate/operator:" + TAG, "operator"),
            new Image("quorate/cli:" + TAG, "cli"));

    private Images() {}

    public static List<String> names() {
        return ALL.stream().map(Image::name).toList();
    }

    /** Builds all images from a checkout in which {@code ./mvnw package} has run. */
    public static void build(Path checkout) {
        for (Image image : ALL) {
            Shell.run(
                    BUILD_TIMEOUT,
                    "docker",
                    "build",
                    "-q",
                    "-t",
                    image.name(),
                    checkout.resolve(image.context()).toString());
        }
    }

    /** Brings the images into the containerd of a Kubernetes node that is itself a container. */
    public static void importInto(String container) {
        Shell.run(
                BUILD_TIMEOUT,
                "sh",
                "-c",
                "docker save " + String.join(" ", names()) + " | docker exec -i " + container
                        + " ctr -n k8s.io images import -");
    }

    /** Pushes the images to a registry that a cluster can pull from. */
    public static void push(String registry) {
        for (String name : names()) {
            Shell.run(BUILD_TIMEOUT, "docker", "tag", name, registry + "/" + name);
            Shell.run(BUILD_TIMEOUT, "docker", "push", "-q", registry + "/" + name);
        }
    }
}
