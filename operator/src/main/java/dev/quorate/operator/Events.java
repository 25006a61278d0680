package dev.quorate.operator;

import dev.quorate.operator.kubernetes.ApiErrors;
import dev.quorate.operator.resources.ClusterIdentity;
import dev.quorate.operator.status.Milestones.Milestone;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people what happened, as Kubernetes events on a resource. An event that can't be written is logged, and costs nothing else. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** The API's limit of an event's note. */
    private static final int MAX_NOTE = 1024;

    private final KubernetesClient client;
    private final String instance;

    /** @param instance which operator speaks: its pod's name */
    Events(KubernetesClient client, String instance) {
        this.client = client;
        this.instance = instance;
    }

    void tell(HasMetadata about, List<Milestone> milestones, Instant now) {
        ObjectReference regarding = new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .build();
        for (Milestone milestone : milestones) {
            String words = milestone.words();
            try {
                client.resource(new EventBuilder()
                                .withNewMetadata()
                                .withNamespace(about.getMetadata().getNamespace())
                                .withGenerateName(about.getMetadata().getName() + "-")
                                .endMetadata()
                                .withRegarding(regarding)
                                .withType(milestone.warning() ? "Warning" : "Normal")
                                .withReason(milestone.reason())
                                .withAction("Reconcile")
                                .withNote(words.length() <= MAX_NOTE ? words : words.substring(0, MAX_NOTE))
                                .withEventTime(new MicroTime(MICROS.format(now)))
                                .withReportingController("quorate.dev/" + ClusterIdentity.OPERATOR)
                                .withReportingInstance(instance)
                                .build())
                        .create();
            } catch (KubernetesClientException e) {
                LOG.warn(
                        "event=event_not_written object={}/{} reason={} error=\"{}\"",
                        about.getMetadata().getNamespace(),
                        about.getMetadata().getName(),
                        milestone.reason(),
                        ApiErrors.words(e));
            }
        }
    }
}
