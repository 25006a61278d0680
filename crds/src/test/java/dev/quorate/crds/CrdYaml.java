package dev.quorate.crds;

import static java.util.Comparator.comparing;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The definitions' YAML, made from the classes: plain, and wrapped for the chart. */
final class CrdYaml {
    private static final String NOTICE = "# Made from the classes in crds/ by CrdYamlTest. Change those, then:\n"
            + "#   ./mvnw -pl crds test -Dquorate.crds.write=true\n";

    private CrdYaml() {}

    /** The definition of a resource, as kubectl applies it. */
    static String plain(Class<? extends CustomResource<?, ?>> resource) throws IOException {
        return NOTICE + generate(resource);
    }

    /** The same as a template: only when asked for, and left in place by an uninstall, which else would delete every cluster. */
    static String template(Class<? extends CustomResource<?, ?>> resource) throws IOException {
        String annotated = generate(resource)
                .replaceFirst("metadata:\n", "metadata:\n  annotations:\n    helm.sh/resource-policy: keep\n");
        return NOTICE + "{{- if .Values.crds.install }}\n" + annotated + "{{- end }}\n";
    }

    private static String generate(Class<? extends CustomResource<?, ?>> resource) throws IOException {
        Path directory = Files.createDirectories(Path.of("target", "crds"));
        new CRDGenerator()
                .customResourceClasses(List.of(resource))
                .forCRDVersions("v1")
                .withMinQuotes(true)
                .withPostProcessor(new Corrections(resource))
                .inOutputDir(directory.toFile())
                .generate();
        String yaml = Files.readString(directory.resolve(HasMetadata.getFullResourceName(resource) + "-v1.yml"));
        return yaml.substring(yaml.indexOf("apiVersion:")); // without the generator's own notice and document marker
    }

    /** Says what the generator has no word for. */
    private record Corrections(Class<?> resource) implements CRDPostProcessor {
        /** Lists that are maps: by which field of their items. */
        private static final Map<String, String> KEYS =
                Map.of("conditions", "type", "members", "id", "leaders", "group");

        @Override
        public HasMetadata process(HasMetadata definition, String version) {
            for (CustomResourceDefinitionVersion each :
                    ((CustomResourceDefinition) definition).getSpec().getVersions()) {
                JSONSchemaProps schema = each.getSchema().getOpenAPIV3Schema();
                dropRepeatedRules(schema);
                schema.getProperties().get("status").getProperties().forEach(Corrections::makeMap);
                each.getAdditionalPrinterColumns()
                        .sort(comparing(column -> columns().indexOf(column.getName())));
            }
            return definition;
        }

        /** The generator sorts columns by their path; people expect them as declared. */
        private List<String> columns() {
            return Stream.of(resource.getAnnotationsByType(AdditionalPrinterColumn.class))
                    .map(AdditionalPrinterColumn::name)
                    .toList();
        }

        /** An API server refuses a list-map whose key may be absent. */
        private static void makeMap(String list, JSONSchemaProps schema) {
            String key = KEYS.get(list);
            if (key == null) {
                return;
            }
            schema.setXKubernetesListType("map");
            schema.setXKubernetesListMapKeys(List.of(key));
            List<String> required = schema.getItems().getSchema().getRequired();
            if (!required.contains(key)) {
                required.add(key);
            }
        }

        /** An annotation of a record's component is on its field and on its accessor: the generator finds it twice. */
        private static void dropRepeatedRules(JSONSchemaProps schema) {
            schema.setXKubernetesValidations(
                    schema.getXKubernetesValidations().stream().distinct().toList());
            if (schema.getProperties() != null) {
                schema.getProperties().values().forEach(Corrections::dropRepeatedRules);
            }
            if (schema.getItems() != null) {
                dropRepeatedRules(schema.getItems().getSchema());
            }
        }
    }
}
