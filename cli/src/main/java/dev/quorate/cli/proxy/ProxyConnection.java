package dev.quorate.cli.proxy;

import dev.quorate.cli.proxy.ReplyRewriter.Kind;
import dev.quorate.cli.proxy.RespMessage.Aggregate;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** One client's connection to one member: requests go through unchanged, replies rewritten. Ends when either side does. */
final class ProxyConnection {
    private static final int PIPELINE_MAX = 10_000;

    private final Socket client;
    private final Socket member;
    private final ReplyRewriter rewriter;
    private final BlockingQueue<Kind> unanswered = new ArrayBlockingQueue<>(PIPELINE_MAX);

    ProxyConnection(Socket client, Socket member, ReplyRewriter rewriter) {
        this.client = client;
        this.member = member;
        this.rewriter = rewriter;
    }

    /** Serves it until it ends. */
    void run() {
        Thread replies = Thread.startVirtualThread(() -> {
            try {
                copyReplies();
            } catch (IOException | UncheckedIOException | InterruptedException e) {
                // Either side is gone, which is how a connection ends.
            } finally {
                close();
            }
        });
        try {
            copyRequests();
        } catch (IOException | UncheckedIOException | InterruptedException e) {
            // As above.
        } finally {
            close();
            replies.interrupt();
        }
    }

    private void copyRequests() throws IOException, InterruptedException {
        RespReader in = new RespReader(client.getInputStream());
        BufferedOutputStream out = new BufferedOutputStream(member.getOutputStream(), 64 << 10);
        for (RespMessage request = in.read(); request != null; request = in.read()) {
            if (!request.equals(EMPTY_LINE)) {
                unanswered.put(Kind.of(RespReader.command(request)));
            }
            request.writeTo(out);
            if (!in.hasMore()) {
                out.flush();
            }
        }
    }

    /** Between commands typed by hand; nobody answers it. */
    private static final RespMessage EMPTY_LINE = new RespMessage.Line((char) 0, "");

    private void copyReplies() throws IOException, InterruptedException {
        RespReader in = new RespReader(member.getInputStream());
        BufferedOutputStream out = new BufferedOutputStream(client.getOutputStream(), 64 << 10);
        for (RespMessage reply = in.read(); reply != null; reply = in.read()) {
            boolean unasked = reply instanceof Aggregate push && (push.type() == '>' || push.type() == '|');
            Kind kind = unasked ? Kind.OTHER : unanswered.take();
            rewriter.rewrite(kind, reply).writeTo(out);
            if (!in.hasMore()) {
                out.flush();
            }
        }
    }

    private void close() {
        closeQuietly(client);
        closeQuietly(member);
    }

    static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // It was being thrown away.
        }
    }
}
