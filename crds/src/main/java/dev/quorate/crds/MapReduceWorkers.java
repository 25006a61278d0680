package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;

/** The pods that pull a job's tasks. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MapReduceWorkers(
        @Default(DEFAULT_COUNT + "")
        @ValidationRule(
                value = "self >= 1 && self <= 1000",
                message = "spec.workers.count is 1 to 1000: tasks are far more than workers, not the other way round.")
        @JsonPropertyDescription("How many, 1 to 1000. May be changed while the job runs.")
        Integer count,

        @Default(DEFAULT_SLOTS + "")
        @ValidationRule(value = "self >= 1 && self <= 64", message = "spec.workers.slots is 1 to 64.")
        @JsonPropertyDescription("Tasks at a time in each, 1 to 64.")
        Integer slots,

        @Default(DEFAULT_RESTARTS + "")
        @ValidationRule(value = "self >= 0 && self <= 20", message = "spec.workers.restarts is 0 to 20.")
        @JsonPropertyDescription(
                "How often each may die by itself before it is given up, 0 to 20. Those that Kubernetes takes away do not count.")
        Integer restarts,

        @Default(DEFAULT_SCRATCH)
        @Size(max = 20)
        @ValidationRule(
                value = "isQuantity(self) && quantity(self).compareTo(quantity('64Mi')) >= 0",
                message = "spec.workers.scratch must be a quantity of at least 64Mi, such as 10Gi.")
        @JsonPropertyDescription(
                "Most that map outputs may take of the Kubernetes node's disk, for each worker: at least 64Mi.")
        String scratch,

        @JsonPropertyDescription(
                "Compute resources of each. The operator's default when absent. Read when the job begins.")
        ResourceRequirements resources) {
    public static final int DEFAULT_COUNT = 2;
    public static final int DEFAULT_SLOTS = 1;
    public static final int DEFAULT_RESTARTS = 4;
    public static final String DEFAULT_SCRATCH = "10Gi";

    public MapReduceWorkers {
        count = count == null ? Integer.valueOf(DEFAULT_COUNT) : count;
        slots = slots == null ? Integer.valueOf(DEFAULT_SLOTS) : slots;
        restarts = restarts == null ? Integer.valueOf(DEFAULT_RESTARTS) : restarts;
        scratch = scratch == null ? DEFAULT_SCRATCH : scratch;
    }
}
