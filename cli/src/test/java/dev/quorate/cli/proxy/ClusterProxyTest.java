package dev.quorate.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members that know each other by names that mean nothing here, and a client that must not notice. */
class ClusterProxyTest {
    private static final String FIRST = "demo-1-0.demo-peers.ns.svc";
    private static final String SECOND = "demo-2-0.demo-peers.ns.svc";

    private final List<String> members = new CopyOnWriteArrayList<>(List.of("demo-1-0"));
    private ServerSocket memberSocket;
    private ClusterProxy proxy;

    /** What a member answers to the second word of a command; the same from each of them. */
    private static final Map<String, String> ANSWERS = Map.of(
            "MOVED", "-MOVED 866 " + SECOND + ":6379\r\n",
            "SLOTS",
                    "*1\r\n*4\r\n:0\r\n:16383\r\n*4\r\n" + bulk(FIRST) + ":6379\r\n" + bulk("id1") + "*0\r\n*4\r\n"
                            + bulk(SECOND) + ":6379\r\n" + bulk("id2") + "*0\r\n",
            "SHARDS",
                    "*1\r\n*4\r\n" + bulk("slots") + "*2\r\n:0\r\n:16383\r\n" + bulk("nodes") + "*1\r\n%4\r\n"
                            + bulk("id")
                            + bulk("id1") + bulk("port") + ":6379\r\n" + bulk("ip") + bulk(FIRST) + bulk("endpoint")
                            + bulk(FIRST),
            "NODES", bulk("id1 " + FIRST + ":6379@16379 myself,master - 0 0 1 connected 0-16383\n"),
            "VALUE", bulk("MOVED 866 " + SECOND + ":6379"));

    @BeforeEach
    void start() throws IOException {
        memberSocket = new ServerSocket(0, 0, InetAddress.getByName("127.0.0.1"));
        Thread.startVirtualThread(this::serveMembers);
        proxy = new ClusterProxy(new TestGateway(), 0, line -> {});
        proxy.refresh();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        memberSocket.close();
    }

    @Test
    void redirectsNameLocalPorts() throws IOException {
        String reply = ask("GET", "MOVED").getFirst();
        assertThat(proxy.addresses()).hasSize(2);
        assertThat(reply).isEqualTo("-MOVED 866 " + proxy.addresses().get(1) + "\r\n");
    }

    @Test
    void topologyNamesLocalPorts() throws IOException {
        List<String> replies = new ArrayList<>();
        for (String what : List.of("SLOTS", "SHARDS", "NODES")) {
            replies.add(ask("CLUSTER", what).getFirst());
        }
        String first = proxy.addresses().get(0).split(":")[1];
        String second = proxy.addresses().get(1).split(":")[1];
        assertThat(replies.get(0))
                .isEqualTo("*1\r\n*4\r\n:0\r\n:16383\r\n*4\r\n" + bulk("127.0.0.1") + ":" + first + "\r\n" + bulk("id1")
                        + "*0\r\n*4\r\n" + bulk("127.0.0.1") + ":" + second + "\r\n" + bulk("id2") + "*0\r\n");
        assertThat(replies.get(1))
                .contains(
                        bulk("endpoint") + bulk("127.0.0.1"),
                        bulk("ip") + bulk("127.0.0.1"),
                        bulk("port") + ":" + first);
        assertThat(replies.get(2)).contains("id1 127.0.0.1:" + first + "@" + first + " myself,master");
    }

    @Test
    void valuesAreLeftAlone() throws IOException {
        assertThat(ask("GET", "VALUE").getFirst()).isEqualTo(ANSWERS.get("VALUE"));
    }

    @Test
    void pipelinedRepliesAreEachReadAsWhatTheyAnswer() throws IOException {
        List<String> replies = ask("GET", "VALUE", "CLUSTER", "NODES", "GET", "VALUE", "GET", "MOVED");
        assertThat(replies).hasSize(4);
        assertThat(replies.get(0)).isEqualTo(ANSWERS.get("VALUE")).isEqualTo(replies.get(2));
        assertThat(replies.get(1)).contains("127.0.0.1");
        assertThat(replies.get(3)).startsWith("-MOVED 866 127.0.0.1");
    }

    @Test
    void membersComeAndGo() throws IOException {
        members.add("demo-2-0");
        proxy.refresh();
        assertThat(proxy.addresses()).hasSize(2);
        String first = proxy.addresses().getFirst();
        members.remove("demo-2-0");
        proxy.refresh();
        assertThat(proxy.addresses()).containsExactly(first);
    }

    @Test
    void aMessageIsWrittenAsItWasRead() throws IOException {
        String all = String.join("", ANSWERS.values())
                + "$-1\r\n*-1\r\n_\r\n#t\r\n,1.5\r\n=7\r\ntxt:abc\r\n~1\r\n:1\r\nPING x\r\n";
        RespReader reader = new RespReader(new ByteArrayInputStream(all.getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (RespMessage message = reader.read(); message != null; message = reader.read()) {
            message.writeTo(out);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(all);
    }

    /** Sends pairs of words as commands, all at once, and reads as many replies. */
    private List<String> ask(String... words) throws IOException {
        int port = Integer.parseInt(proxy.addresses().getFirst().split(":")[1]);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            StringBuilder commands = new StringBuilder();
            for (int i = 0; i < words.length; i += 2) {
                commands.append("*2\r\n").append(bulk(words[i])).append(bulk(words[i + 1]));
            }
            socket.getOutputStream().write(commands.toString().getBytes(StandardCharsets.UTF_8));
            RespReader reader = new RespReader(socket.getInputStream());
            List<String> replies = new ArrayList<>();
            for (int i = 0; i < words.length; i += 2) {
                ByteArrayOutputStream reply = new ByteArrayOutputStream();
                reader.read().writeTo(reply);
                replies.add(reply.toString(StandardCharsets.UTF_8));
            }
            return replies;
        }
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private void serveMembers() {
        while (!memberSocket.isClosed()) {
            try {
                Socket client = memberSocket.accept();
                Thread.startVirtualThread(() -> answer(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void answer(Socket client) {
        try (client) {
            RespReader reader = new RespReader(client.getInputStream());
            for (RespMessage command = reader.read(); command != null; command = reader.read()) {
                String answer = ANSWERS.get(RespReader.command(command).get(1));
                client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The client is done.
        }
    }

    private final class TestGateway implements Gateway {
        @Override
        public List<String> members() {
            return List.copyOf(members);
        }

        @Override
        public String memberAt(String host) {
            return host.substring(0, host.indexOf('.'));
        }

        @Override
        public Socket connect(String member) throws IOException {
            return new Socket("127.0.0.1", memberSocket.getLocalPort());
        }

        @Override
        public void close() {}
    }
}
