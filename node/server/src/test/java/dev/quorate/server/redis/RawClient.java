package dev.quorate.server.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection that sends bytes as they are and reads replies as they are. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void send(String bytes) throws IOException {
        send(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A command in RESP, its words separated by single blanks. */
    static byte[] command(String words) {
        String[] split = words.split(" ");
        byte[][] arguments = new byte[split.length][];
        for (int i = 0; i < split.length; i++) {
            arguments[i] = split[i].getBytes(StandardCharsets.ISO_8859_1);
        }
        return command(arguments);
    }

    static byte[] command(byte[]... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("*" + arguments.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (byte[] argument : arguments) {
            bytes.writeBytes(("$" + argument.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(argument);
            bytes.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /** Sends a command and returns its reply, CRLF written as a blank. */
    String call(String words) throws IOException {
        send(command(words));
        return reply();
    }

    /** The next reply, all of it, CRLF written as a blank, without the last one. */
    String reply() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        reply(bytes);
        String text = bytes.toString(StandardCharsets.ISO_8859_1).replace("\r\n", " ");
        return text.substring(0, text.length() - 1);
    }

    /** Whether the other side has closed, after what it sent before. */
    boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    private void reply(ByteArrayOutputStream bytes) throws IOException {
        String line = line(bytes);
        char type = line.charAt(0);
        switch (type) {
            case '+', '-', ':', '_' -> {}
            case '$', '=' -> {
                int length = Integer.parseInt(line.substring(1));
                if (length >= 0) {
                    bytes.writeBytes(exactly(length + 2));
                }
            }
            case '*', '~', '%' -> {
                int count = Integer.parseInt(line.substring(1)) * (type == '%' ? 2 : 1);
                for (int i = 0; i < count; i++) {
                    reply(bytes);
                }
            }
            default -> throw new IOException("no reply starts so: " + line);
        }
    }

    private String line(ByteArrayOutputStream bytes) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b;
        do {
            b = in.read();
            if (b < 0) {
                throw new EOFException("connection closed");
            }
            line.write(b);
        } while (b != '\n');
        bytes.writeBytes(line.toByteArray());
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("connection closed");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
