package dev.quorate.cli.local;

import dev.quorate.cli.output.UserError;
import dev.quorate.server.NodeStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A process that is one member. */
public final class MemberMain {
    /** As sysexits.h says of an internal fault. */
    private static final int EXIT_FATAL = 70;

    private MemberMain() {}

    /**
     * Runs the member until the process is told to end.
     *
     * @param parent ends it with that process
     * @throws UserError when it can't start
     */
    public static int run(Path settingsFile, Optional<Long> parent) throws IOException, InterruptedException {
        MemberSettings settings = MemberSettings.read(settingsFile);
        LogFile.use(new MemberHome(settingsFile.toAbsolutePath().getParent()).log());
        LocalNode node;
        try {
            node = LocalNode.start(settings.config(), _ -> Runtime.getRuntime().halt(EXIT_FATAL));
        } catch (NodeStartException e) {
            throw UserError.failed(e.getMessage());
        }
        CountDownLatch ended = new CountDownLatch(1);
        parent.flatMap(ProcessHandle::of).ifPresent(process -> process.onExit().thenRun(ended::countDown));
        Runtime.getRuntime().addShutdownHook(new Thread(node::leave, "stop"));
        ended.await();
        return 0;
    }
}
