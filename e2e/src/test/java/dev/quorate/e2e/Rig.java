package dev.quorate.e2e;

import dev.quorate.cli.kubernetes.Chart;
import dev.quorate.cli.kubernetes.Images;
import dev.quorate.cli.kubernetes.Kubeconfig;
import dev.quorate.cli.kubernetes.KubernetesImage;
import dev.quorate.client.Endpoint;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** One Kubernetes in Docker with Quorate's images and chart in it, started once for all tests of a run. */
final class Rig {
    static final String SYSTEM_NAMESPACE = "quorate-system";
    /** A Service of type NodePort may have it: then the tests reach it. */
    static final int NODE_PORT = 30381;

    static final Path CHECKOUT = Path.of(System.getProperty("quorate.root"));

    private static Rig instance;

    private final K3sContainer container;
    private final KubernetesClient client;
    private final Path kubeconfig;

    static synchronized Rig get() {
        if (instance == null) {
            instance = new Rig();
        }
        return instance;
    }

    private Rig() {
        step("images");
        KubernetesImage image = KubernetesImage.find(CHECKOUT);
        Images.build(CHECKOUT);
        step("Kubernetes " + image.name());
        container = new K3sContainer(DockerImageName.parse(image.name()).asCompatibleSubstituteFor("rancher/k3s"));
        container.addExposedPort(NODE_PORT);
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        client = Kubeconfig.client(container.getKubeConfigYaml());
        kubeconfig = writeKubeconfig(container.getKubeConfigYaml());
        step("import of images");
        Images.importInto(container.getContainerId());
        step("chart");
        Chart.install(CHECKOUT, kubeconfig, createNamespace(SYSTEM_NAMESPACE), Map.of());
        step("ready");
    }

    KubernetesClient client() {
        return client;
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    /** Creates a namespace and returns its name. */
    String createNamespace(String name) {
        kubectl("create", "namespace", name);
        return name;
    }

    /** Lets it go while the next tests run; that such a deletion comes to an end is seen by {@link RecreateIT} and {@link MapReduceIT}, which wait for theirs. */
    void deleteNamespace(String name) {
        kubectl("delete", "namespace", name, "--wait=false");
    }

    /** Runs kubectl as a user would; fails with its output when it fails. */
    String kubectl(String... arguments) {
        ExecResult result = tryKubectl(arguments);
        if (result.getExitCode() != 0) {
            throw new AssertionError(
                    "kubectl " + String.join(" ", arguments) + ": " + result.getStdout() + result.getStderr());
        }
        return result.getStdout();
    }

    ExecResult tryKubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        return onNode(command.toArray(String[]::new));
    }

    /** Runs a command on the node, beside the processes of all pods. */
    ExecResult onNode(String... command) {
        try {
            return container.execInContainer(command);
        } catch (IOException e) {
            throw new AssertionError(command[0] + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The process of a pod's container, as the node counts; empty when it does not run. */
    Optional<String> process(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getContainerID)
                .filter(Objects::nonNull)
                .map(id -> id.substring(id.lastIndexOf('/') + 1))
                .findFirst()
                .flatMap(this::processOfContainer);
    }

    private Optional<String> processOfContainer(String id) {
        return onNode("ctr", "-n", "k8s.io", "task", "ls")
                .getStdout()
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length == 3 && words[0].equals(id) && words[2].equals("RUNNING"))
                .map(words -> words[1])
                .findFirst();
    }

    /** Where a Service with {@link #NODE_PORT} is reached from here. */
    Endpoint nodePort() {
        return new Endpoint(container.getHost(), container.getMappedPort(NODE_PORT));
    }

    /** Copies a file of the node to one of this machine, if it is there. */
    boolean tryCopy(String fileOnNode, Path to) {
        if (onNode("test", "-f", fileOnNode).getExitCode() != 0) {
            return false;
        }
        container.copyFileFromContainer(fileOnNode, to.toString());
        return true;
    }

    /** kubectl apply of a text. */
    ExecResult tryApply(String namespace, String yaml) {
        String file = "/tmp/apply-" + Math.abs(yaml.hashCode()) + ".yaml";
        container.copyFileToContainer(Transferable.of(yaml.getBytes(StandardCharsets.UTF_8)), file);
        return tryKubectl("apply", "-n", namespace, "-f", file);
    }

    void apply(String namespace, String yaml) {
        ExecResult result = tryApply(namespace, yaml);
        if (result.getExitCode() != 0) {
            throw new AssertionError("apply failed: " + result.getStderr());
        }
    }

    /** What a person would look at first when something does not come about. */
    String diagnosis(String namespace) {
        return String.join(
                "\n",
                tryKubectl("get", "kvc,kvg,mrj,sts,deploy,job,pod,pvc", "-n", namespace, "-o", "wide")
                        .getStdout(),
                tryKubectl(
                                "get",
                                "kvc",
                                "-n",
                                namespace,
                                "-o",
                                "jsonpath={range .items[*]}{.metadata.name} {.status}{\"\\n\"}{end}")
                        .getStdout(),
                tryKubectl("get", "mrj", "-n", namespace, "-o", "yaml").getStdout(),
                tryKubectl("get", "events", "-n", namespace, "--sort-by=.lastTimestamp")
                        .getStdout(),
                tryKubectl("logs", "-n", SYSTEM_NAMESPACE, "deployment/quorate-operator", "--tail=60")
                        .getStdout());
    }

    static void step(String what) {
        System.out.println("[e2e] " + LocalTime.now().withNano(0) + " " + what);
    }

    private static Path writeKubeconfig(String yaml) {
        try {
            return Files.writeString(Files.createTempFile("quorate-e2e", ".kubeconfig"), yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
