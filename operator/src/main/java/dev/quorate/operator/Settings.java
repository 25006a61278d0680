package dev.quorate.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The operator's settings: {@code quorate.operator.*}, or {@code QUORATE_OPERATOR_*} in the environment. */
@ConfigMapping(prefix = "quorate.operator")
public interface Settings {
    /** The image of clusters that name none. */
    @WithDefault("quorate/node:0.1.0")
    String nodeImage();

    @WithDefault("IfNotPresent")
    String nodePullPolicy();

    /** Resources of the pods of clusters that name none: a pod's resources, as JSON. */
    @WithDefault("{\"requests\":{\"cpu\":\"100m\",\"memory\":\"256Mi\"},\"limits\":{\"memory\":\"768Mi\"}}")
    String nodeResources();

    /** The image of jobs that name none: that of the command {@code quorate}. */
    @WithDefault("quorate/cli:0.1.0")
    String jobImage();

    @WithDefault("IfNotPresent")
    String jobPullPolicy();

    /** Resources of the workers of jobs that name none: a pod's resources, as JSON. */
    @WithDefault("{\"requests\":{\"cpu\":\"20m\",\"memory\":\"512Mi\"},\"limits\":{\"memory\":\"512Mi\"}}")
    String workerResources();

    /** How often a cluster or a job is looked at when nothing is seen to happen. */
    @WithDefault("10s")
    Duration resync();

    /** How often while work is under way. */
    @WithDefault("1s")
    Duration progress();
}
