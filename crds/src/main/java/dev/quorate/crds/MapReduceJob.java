package dev.quorate.crds;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A MapReduce job over files or keys, whose state is in a {@link KVCluster}. Its pods are those of one Job, {@code <job>-workers}, and of one Deployment,
 * {@code <job>-coordinator}, however many tasks it has. A pod of an Indexed Job is named by the Job, its index and five characters; so the name is bounded.
 */
@Group(KVCluster.GROUP)
@Version(KVCluster.VERSION)
@Kind("MapReduceJob")
@Plural("mapreducejobs")
@ShortNames("mrj")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase", type = Type.STRING)
@AdditionalPrinterColumn(name = "Maps", jsonPath = ".status.maps", type = Type.STRING)
@AdditionalPrinterColumn(name = "Reduces", jsonPath = ".status.reduces", type = Type.STRING)
@AdditionalPrinterColumn(name = "Stragglers", jsonPath = ".status.stragglers", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Workers", jsonPath = ".status.workers", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@ValidationRule(
        value = "self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name may have at most 40 lower-case letters, digits and dashes, so that the names of the job's pods fit into 63.")
public class MapReduceJob extends CustomResource<MapReduceJobSpec, MapReduceJobStatus> implements Namespaced {
    @Override
    @Required
    public MapReduceJobSpec getSpec() {
        return super.getSpec();
    }
}
