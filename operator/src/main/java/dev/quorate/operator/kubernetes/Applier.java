package dev.quorate.operator.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quorate.control.Platform.PlatformException;
import dev.quorate.operator.resources.Digests;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Writes objects by server-side apply, and only those that differ: a pass over a cluster that is as it shall be writes nothing.
 *
 * <p>Two things tell a difference. A digest of what was last applied, in an annotation, shows that something else is wanted now, which
 * matters for fields that are no longer wanted. A comparison with what is there shows that somebody else changed it.
 */
public final class Applier<P extends HasMetadata> {
    private static final String DIGEST = "quorate.dev/applied";

    private final String owner;
    private final Predicate<HasMetadata> owns;
    private final Context<P> context;

    /**
     * @param owner what the objects belong to, in a word
     */
    public Applier(String owner, Predicate<HasMetadata> owns, Context<P> context) {
        this.owner = owner;
        this.owns = owns;
        this.context = context;
    }

    /**
     * Makes the object, or makes it what it shall be.
     *
     * @param actual as last seen; its UID fences the write, so that an object deleted meanwhile does not come back
     */
    public <R extends HasMetadata> void apply(Class<R> type, R desired, Optional<R> actual) {
        Map<String, String> annotations = new TreeMap<>(
                Optional.ofNullable(desired.getMetadata().getAnnotations()).orElse(Map.of()));
        annotations.put(DIGEST, Digests.of(desired));
        desired.getMetadata().setAnnotations(annotations);
        if (actual.isPresent()) {
            if (isAsDesired(actual.get(), desired)) {
                return;
            }
            desired.getMetadata().setUid(actual.get().getMetadata().getUid());
        } else {
            refuseForeign(desired);
        }
        write(type, desired);
    }

    /** Applies a few fields of an object that something else made. */
    <R extends HasMetadata> void write(Class<R> type, R desired) {
        context.resourceOperations().serverSideApply(desired, (InformerEventSource<R, P>)
                context.eventSourceRetriever().getEventSourceFor(type));
    }

    private boolean isAsDesired(HasMetadata actual, HasMetadata desired) {
        KubernetesSerialization json = context.getClient().getKubernetesSerialization();
        return Comparison.covers(json.convertValue(actual, JsonNode.class), json.convertValue(desired, JsonNode.class));
    }

    /** An object of the same name that belongs to something else is left alone. */
    private void refuseForeign(HasMetadata desired) {
        HasMetadata found = context.getClient().resource(desired).get();
        if (found != null && !owns.test(found)) {
            String what = desired.getKind() + " " + desired.getMetadata().getName();
            throw new PlatformException(
                    Inventory.terminating(found)
                            ? what + " of a deleted " + owner + " of this name is still there; it is waited for"
                            : what + " exists and is not this " + owner + "'s: delete it, or name the " + owner
                                    + " otherwise",
                    null);
        }
    }
}
