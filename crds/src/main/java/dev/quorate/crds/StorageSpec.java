package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A member's volume. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.storageClassName) == has(oldSelf.storageClassName)"
                + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        message = "spec.storage.storageClassName can't be changed: volumes stay in the class that they were made in.")
public record StorageSpec(
        @Default(DEFAULT_SIZE)
        @Size(max = 20)
        @ValidationRule(
                value = "isQuantity(self) && quantity(self).compareTo(quantity('" + MIN_SIZE + "')) >= 0",
                message = "spec.storage.size must be a quantity of at least " + MIN_SIZE + ", such as 10Gi.")
        @ValidationRule(
                value = "!isQuantity(self) || quantity(self).compareTo(quantity(oldSelf)) >= 0",
                message =
                        "spec.storage.size can't shrink, since volumes can't: it stays what it was when the cluster was made.")
        @ValidationRule(
                value = "!isQuantity(self) || quantity(self).compareTo(quantity(oldSelf)) <= 0",
                message = "spec.storage.size can't grow yet: it stays what it was when the cluster was made.")
        @JsonPropertyDescription("Size of each member's volume, at least " + MIN_SIZE + ". Can't be changed.")
        String size,

        @Size(min = 1, max = 253)
        @JsonPropertyDescription(
                "The StorageClass of the volumes. The cluster's default class when absent. Can't be changed.")
        String storageClassName) {
    public static final String DEFAULT_SIZE = "10Gi";
    public static final String MIN_SIZE = "64Mi";

    public StorageSpec {
        size = size == null ? DEFAULT_SIZE : size;
    }
}
