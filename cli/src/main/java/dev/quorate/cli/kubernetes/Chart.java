package dev.quorate.cli.kubernetes;

import com.marcnuri.helm.Helm;
import java.nio.file.Path;
import java.util.Map;

/** The Helm chart, installed by Helm's own code in this process: no helm binary is needed. */
public final class Chart {
    private static final String RELEASE = "quorate";

    private Chart() {}

    /** Installs the chart and waits until the operator is ready. */
    public static void install(Path checkout, Path kubeconfig, String namespace, Map<String, String> values) {
        var command = new Helm(checkout.resolve("charts/quorate"))
                .install()
                .withName(RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .waitReady()
                .withTimeout(180);
        values.forEach(command::set);
        command.call();
    }

    public static void uninstall(Path kubeconfig, String namespace) {
        Helm.uninstall(RELEASE)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig)
                .call();
    }
}
