package dev.quorate.operator.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Objects;
import java.util.Optional;

/** What the API server answered, for people: its own sentence, without the request and response around it. */
public final class ApiErrors {
    private ApiErrors() {}

    public static String words(KubernetesClientException error) {
        return Optional.ofNullable(error.getStatus())
                .map(Status::getMessage)
                .or(() -> Optional.ofNullable(error.getMessage()))
                .orElseGet(() -> Objects.toString(error.getCause()));
    }
}
