package dev.quorate.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The process: runs until it is told to stop. */
@QuarkusMain
public class NodeApplication implements QuarkusApplication {
    public static void main(String... args) {
        Quarkus.run(NodeApplication.class, NodeApplication::exited, args);
    }

    @Override
    public int run(String... args) {
        Quarkus.waitForExit();
        return 0;
    }

    /** The last line of a process that can't start says why: it becomes the pod's termination message. */
    private static void exited(int code, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CannotStartException) {
                System.err.println("quorate: " + cause.getMessage());
                break;
            }
        }
        System.exit(code);
    }
}
