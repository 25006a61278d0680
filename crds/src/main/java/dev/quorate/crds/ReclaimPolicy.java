package dev.quorate.crds;

/** What becomes of volumes that no member uses any more. Spelled as Kubernetes spells it for PersistentVolumes. */
public enum ReclaimPolicy {
    Retain,
    Delete
}
