package dev.quorate.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart: what Helm says of it, and what comes out of it. */
class ChartTest {
    private final Helm chart = new Helm(Path.of(System.getProperty("quorate.root"), "charts", "quorate"));

    private final KubernetesSerialization serialization = new KubernetesSerialization();

    @Test
    void strictLintFindsNothing() {
        LintResult result = chart.lint().strict().call();
        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    @Test
    void everyNamespaceIsWatchedUnlessSomeAreNamed() {
        List<HasMetadata> objects = render(Map.of());
        assertThat(all(objects, ClusterRole.class)
                        .filter(role -> role.getMetadata().getName().endsWith("-operator")))
                .hasSize(1);
        assertThat(env(objects)).containsEntry("QUARKUS_OPERATOR_SDK_NAMESPACES", "JOSDK_ALL_NAMESPACES");
    }

    @Test
    void namedNamespacesGetARoleEachAndNothingOfTheWholeCluster() {
        List<HasMetadata> objects =
                render(Map.of("watchNamespaces[0]", "one", "watchNamespaces[1]", "two", "rbac.aggregate", "false"));
        assertThat(all(objects, ClusterRole.class)).isEmpty();
        assertThat(all(objects, Role.class).map(role -> role.getMetadata().getNamespace()))
                .contains("one", "two");
        assertThat(env(objects)).containsEntry("QUARKUS_OPERATOR_SDK_NAMESPACES", "one,two");
    }

    @Test
    void theOperatorMayNeitherWriteSpecsNorReadEverySecret() {
        List<PolicyRule> rules = all(render(Map.of()), ClusterRole.class)
                .filter(role -> role.getMetadata().getName().endsWith("-operator"))
                .flatMap(role -> role.getRules().stream())
                .toList();
        assertThat(verbs(rules, "kvclusters")).containsExactlyInAnyOrder("get", "list", "watch");
        assertThat(verbs(rules, "mapreducejobs")).doesNotContain("create", "update");
        assertThat(verbs(rules, "secrets")).containsExactlyInAnyOrder("get", "create");
        assertThat(rules).allSatisfy(rule -> {
            assertThat(rule.getVerbs()).doesNotContain("*");
            assertThat(rule.getResources()).doesNotContain("*");
        });
    }

    @Test
    void usersMayOnlyReadKVGroups() {
        List<PolicyRule> rules = all(render(Map.of()), ClusterRole.class)
                .filter(role -> !role.getMetadata().getName().endsWith("-operator"))
                .flatMap(role -> role.getRules().stream())
                .toList();
        assertThat(verbs(rules, "kvgroups")).containsExactlyInAnyOrder("get", "list", "watch");
        assertThat(verbs(rules, "kvclusters")).contains("create", "delete");
        assertThat(verbs(rules, "mapreducejobs")).contains("create", "delete");
    }

    @Test
    void definitionsStayWhenTheChartGoesAndCanBeLeftOut() {
        assertThat(all(render(Map.of()), CustomResourceDefinition.class))
                .hasSize(3)
                .allSatisfy(definition -> assertThat(definition.getMetadata().getAnnotations())
                        .containsEntry("helm.sh/resource-policy", "keep"));
        assertThat(all(render(Map.of("crds.install", "false")), CustomResourceDefinition.class))
                .isEmpty();
    }

    @Test
    void theOperatorRunsWithoutPrivileges() {
        Deployment deployment =
                all(render(Map.of()), Deployment.class).findFirst().orElseThrow();
        Container operator =
                deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(operator.getImage()).isEqualTo("quorate/operator:0.1.0");
        assertThat(operator.getImagePullPolicy()).isEqualTo("IfNotPresent");
        assertThat(operator.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(operator.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(deployment
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getSecurityContext()
                        .getRunAsNonRoot())
                .isTrue();
        assertThat(env(List.of(deployment)))
                .containsEntry("QUORATE_OPERATOR_NODE_IMAGE", "quorate/node:0.1.0")
                .containsEntry("QUORATE_OPERATOR_JOB_IMAGE", "quorate/cli:0.1.0");
    }

    @Test
    void valuesOfTheWrongKindAreRefused() {
        assertThatThrownBy(() -> render(Map.of("replicas", "many"))).hasMessageContaining("replicas");
        assertThatThrownBy(() -> render(Map.of("watchNamespace", "default"))).hasMessageContaining("watchNamespace");
    }

    private List<HasMetadata> render(Map<String, String> values) {
        var template = chart.template().withName("quorate").withNamespace("quorate-system");
        values.forEach(template::set);
        return Stream.of(template.call().split("(?m)^---$"))
                .filter(document -> document.contains("kind:"))
                .map(document -> serialization.<HasMetadata>unmarshal(document))
                .toList();
    }

    private static <T> Stream<T> all(List<HasMetadata> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast);
    }

    private static List<String> verbs(List<PolicyRule> rules, String resource) {
        return rules.stream()
                .filter(rule -> rule.getResources().contains(resource))
                .flatMap(rule -> rule.getVerbs().stream())
                .toList();
    }

    private static Map<String, String> env(List<HasMetadata> objects) {
        return all(objects, Deployment.class)
                .flatMap(deployment -> deployment.getSpec().getTemplate().getSpec().getContainers().stream())
                .flatMap(container -> container.getEnv().stream())
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }
}
