package dev.quorate.operator.resources;

/** Where a node listens. */
public final class Ports {
    public static final int REDIS = 6379;
    public static final int PEER = 7380;
    public static final int ADMIN = 7381;
    public static final int GRPC = 9000;
    public static final int HTTP = 8080;

    private Ports() {}
}
