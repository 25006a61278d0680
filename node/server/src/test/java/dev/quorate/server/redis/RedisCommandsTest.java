package dev.quorate.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.api.RouteResponse;
import dev.quorate.server.data.FakeStore;
import dev.quorate.server.data.RequestException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Replies on the wire. Those of Redis' own commands are as a Redis 7.0 server gives them. CRLF is written as a blank. */
class RedisCommandsTest {
    private static final String SELF = "self";

    private final FakeStore store = new FakeStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private RedisPort port;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        port = RedisPort.start(store, RedisConfig.of("127.0.0.1", 0, SELF), meters);
        store.become(SELF, FakeStore.route(16, List.of(List.of(FakeStore.member(SELF, port.port(), 1)))));
        client = new RawClient(port.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        port.close();
    }

    /** Commands with their replies in RESP2 and RESP3, in one connection's order. */
    static List<Arguments> scripts() {
        return List.of(
                script(
                        "set and get", //
                        "GET a",
                        "$-1",
                        "_",
                        "SET a b",
                        "+OK",
                        "+OK",
                        "get a",
                        "$1 b",
                        "$1 b",
                        "SET a",
                        error("ERR wrong number of arguments for 'set' command"),
                        "SET a b NX XX",
                        error("ERR syntax error"),
                        "SET a b EX 0",
                        error("ERR invalid expire time in 'set' command"),
                        "SET a b EX -1",
                        error("ERR invalid expire time in 'set' command"),
                        "SET a b EX abc",
                        error("ERR value is not an integer or out of range"),
                        "SET a b EX +5",
                        error("ERR value is not an integer or out of range"),
                        "SET a b EX 9223372036854775807",
                        error("ERR invalid expire time in 'set' command"),
                        "SET a b PX 9223372036854775807",
                        error("ERR invalid expire time in 'set' command"),
                        "SET a b KEEPTTL EX 1",
                        error("ERR syntax error"),
                        "SET a b EX 1 PX 1",
                        error("ERR syntax error"),
                        "SET a b FOO",
                        error("ERR syntax error"),
                        "SET a b EX",
                        error("ERR syntax error"),
                        "SET a c GET",
                        "$1 b",
                        "$1 b",
                        "SET new c GET",
                        "$-1",
                        "_",
                        "SET a d NX",
                        "$-1",
                        "_",
                        "SET a d NX GET",
                        "$1 c",
                        "$1 c",
                        "SET a d xx",
                        "+OK",
                        "+OK",
                        "SET nosuch d XX",
                        "$-1",
                        "_",
                        "SET nosuch d XX GET",
                        "$-1",
                        "_",
                        "EXISTS nosuch",
                        ":0",
                        ":0",
                        "GETSET a e",
                        "$1 d",
                        "$1 d",
                        "GETDEL a",
                        "$1 e",
                        "$1 e",
                        "GETDEL a",
                        "$-1",
                        "_",
                        "SETNX a f",
                        ":1",
                        ":1",
                        "SETNX a g",
                        ":0",
                        ":0",
                        "STRLEN a",
                        ":1",
                        ":1",
                        "STRLEN nosuch",
                        ":0",
                        ":0"),
                script(
                        "expiry",
                        "SET a b",
                        "+OK",
                        "+OK",
                        "TTL a",
                        ":-1",
                        ":-1",
                        "PTTL a",
                        ":-1",
                        ":-1",
                        "TTL nosuch",
                        ":-2",
                        ":-2",
                        "SETEX a 100 b",
                        "+OK",
                        "+OK",
                        "TTL a",
                        ":100",
                        ":100",
                        "SET a c KEEPTTL",
                        "+OK",
                        "+OK",
                        "TTL a",
                        ":100",
                        ":100",
                        "SET a c",
                        "+OK",
                        "+OK",
                        "TTL a",
                        ":-1",
                        ":-1",
                        "PSETEX a 200000 b",
                        "+OK",
                        "+OK",
                        "TTL a",
                        ":200",
                        ":200",
                        "SET a b EXAT 1",
                        "+OK",
                        "+OK",
                        "GET a",
                        "$-1",
                        "_",
                        "SET a b PXAT 1",
                        "+OK",
                        "+OK",
                        "EXISTS a",
                        ":0",
                        ":0",
                        "SETEX a 0 b",
                        error("ERR invalid expire time in 'setex' command"),
                        "SETEX a x b",
                        error("ERR value is not an integer or out of range"),
                        "PSETEX a 0 b",
                        error("ERR invalid expire time in 'psetex' command")),
                script(
                        "numbers",
                        "INCR n",
                        ":1",
                        ":1",
                        "INCRBY n 41",
                        ":42",
                        ":42",
                        "DECR n",
                        ":41",
                        ":41",
                        "DECRBY n 50",
                        ":-9",
                        ":-9",
                        "GET n",
                        "$2 -9",
                        "$2 -9",
                        "SET n x",
                        "+OK",
                        "+OK",
                        "INCR n",
                        error("ERR value is not an integer or out of range"),
                        "SET n 9223372036854775807",
                        "+OK",
                        "+OK",
                        "INCR n",
                        error("ERR increment or decrement would overflow"),
                        "DECRBY n -9223372036854775808",
                        error("ERR decrement would overflow"),
                        "INCRBY n x",
                        error("ERR value is not an integer or out of range")),
                script(
                        "several keys",
                        "MSET {a}1 x {a}2 y",
                        "+OK",
                        "+OK",
                        "MGET {a}1 {a}nosuch {a}2",
                        "*3 $1 x $-1 $1 y",
                        "*3 $1 x _ $1 y",
                        "EXISTS {a}1 {a}1 {a}nosuch",
                        ":2",
                        ":2",
                        "TYPE {a}1",
                        "+string",
                        "+string",
                        "TYPE nosuch",
                        "+none",
                        "+none",
                        "DEL {a}1 {a}1 {a}nosuch",
                        ":1",
                        ":1",
                        "UNLINK {a}2",
                        ":1",
                        ":1",
                        "MGET a b",
                        error("CROSSSLOT Keys in request don't hash to the same slot"),
                        "MSET a 1 b 2",
                        error("CROSSSLOT Keys in request don't hash to the same slot"),
                        "DEL a b",
                        error("CROSSSLOT Keys in request don't hash to the same slot"),
                        "MSET {a}1 1 {a}2",
                        error("ERR wrong number of arguments for 'mset' command"),
                        "MGET",
                        error("ERR wrong number of arguments for 'mget' command")),
                script(
                        "connection",
                        "PING",
                        "+PONG",
                        "+PONG",
                        "PING a",
                        "$1 a",
                        "$1 a",
                        "PING a b",
                        error("ERR wrong number of arguments for 'ping' command"),
                        "ECHO a",
                        "$1 a",
                        "$1 a",
                        "SELECT 0",
                        "+OK",
                        "+OK",
                        "SELECT 1",
                        error("ERR SELECT is not allowed in cluster mode"),
                        "SELECT x",
                        error("ERR value is not an integer or out of range"),
                        "AUTH x",
                        error("ERR AUTH <password> called without any password configured for the default user."
                                + " Are you sure your configuration is correct?"),
                        "AUTH default x",
                        "+OK",
                        "+OK",
                        "AUTH foo x",
                        error("WRONGPASS invalid username-password pair or user is disabled."),
                        "ASKING",
                        "+OK",
                        "+OK",
                        "READONLY",
                        "+OK",
                        "+OK",
                        "READWRITE",
                        "+OK",
                        "+OK",
                        "HELLO 4",
                        error("NOPROTO unsupported protocol version"),
                        "HELLO abc",
                        error("ERR Protocol version is not an integer or out of range"),
                        "HELLO 3 AUTH",
                        error("ERR Syntax error in HELLO option 'AUTH'"),
                        "HELLO 3 AUTH foo x",
                        error("WRONGPASS invalid username-password pair or user is disabled."),
                        "CLIENT GETNAME",
                        "$-1",
                        "_",
                        "CLIENT SETNAME me",
                        "+OK",
                        "+OK",
                        "CLIENT GETNAME",
                        "$2 me",
                        "$2 me",
                        "CLIENT SETNAME a\u0007b",
                        error("ERR Client names cannot contain spaces, newlines or special characters."),
                        "CLIENT SETNAME",
                        error("ERR wrong number of arguments for 'client|setname' command"),
                        "CLIENT SETINFO LIB-NAME x",
                        "+OK",
                        "+OK",
                        "CLIENT SETINFO LIB-VER 1",
                        "+OK",
                        "+OK",
                        "CLIENT SETINFO foo 1",
                        error("ERR Unrecognized option 'foo'"),
                        "CLIENT NO-EVICT on",
                        "+OK",
                        "+OK",
                        "CLIENT NO-EVICT maybe",
                        error("ERR syntax error"),
                        "CLIENT NO-TOUCH off",
                        "+OK",
                        "+OK",
                        "CLIENT TRACKING off",
                        "+OK",
                        "+OK",
                        "CLIENT TRACKING on",
                        error("ERR client-side caching is not supported: use CLIENT TRACKING OFF"),
                        "CLIENT FOO",
                        error("ERR unknown subcommand 'FOO'. Try CLIENT HELP."),
                        "FOO a b c",
                        error("ERR unknown command 'FOO', with args beginning with: 'a' 'b' 'c' "),
                        "FOO",
                        error("ERR unknown command 'FOO', with args beginning with: ")),
                script(
                        "server",
                        "CONFIG GET save appendonly",
                        "*4 $10 appendonly $3 yes $4 save $0 ",
                        "%2 $10 appendonly $3 yes $4 save $0 ",
                        "CONFIG GET app*y",
                        "*2 $10 appendonly $3 yes",
                        "%1 $10 appendonly $3 yes",
                        "CONFIG GET nosuch",
                        "*0",
                        "%0",
                        "CONFIG GET",
                        error("ERR wrong number of arguments for 'config|get' command"),
                        "CONFIG SET a b",
                        error("ERR CONFIG SET is not supported: settings are the node's own configuration"),
                        "DBSIZE",
                        error("ERR DBSIZE is not supported: counting keys would read every shard"),
                        "COMMAND INFO get nosuch",
                        "*2 *10 $3 get :2 *2 +readonly +fast :1 :1 :1 *3 +@read +@string +@fast *0 *0 *0 $-1",
                        "*2 *10 $3 get :2 ~2 +readonly +fast :1 :1 :1 ~3 +@read +@string +@fast *0 *0 *0 _",
                        "COMMAND GETKEYS mset a 1 b 2",
                        "*2 $1 a $1 b",
                        "*2 $1 a $1 b",
                        "COMMAND GETKEYS ping",
                        error("ERR The command has no key arguments"),
                        "COMMAND GETKEYS foo",
                        error("ERR Invalid command specified"),
                        "COMMAND FOO",
                        error("ERR unknown subcommand 'FOO'. Try COMMAND HELP."),
                        "COMMAND DOCS get",
                        "*2 $3 get *4 $7 summary $27 Returns the value of a key. $5 group $6 string",
                        "%1 $3 get %2 $7 summary $27 Returns the value of a key. $5 group $6 string",
                        "MULTI",
                        error("ERR transactions are not supported yet: MSET and DEL take several keys of one slot and"
                                + " apply them together"),
                        "EXEC",
                        error("ERR transactions are not supported yet: MSET and DEL take several keys of one slot and"
                                + " apply them together"),
                        "CLUSTER KEYSLOT a",
                        ":15495",
                        ":15495",
                        "CLUSTER KEYSLOT",
                        error("ERR wrong number of arguments for 'cluster|keyslot' command"),
                        "CLUSTER FOO",
                        error("ERR unknown subcommand 'FOO'. Try CLUSTER HELP."),
                        "CLUSTER LINKS",
                        "*0",
                        "*0"));
    }

    private record Same(String reply) {}

    private static Same error(String text) {
        return new Same("-" + text);
    }

    private static Arguments script(String name, Object... lines) {
        return Arguments.of(name, List.of(lines));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void repliesInResp2(String name, List<Object> lines) throws IOException {
        run(lines, false);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void repliesInResp3(String name, List<Object> lines) throws IOException {
        assertThat(client.call("HELLO 3"))
                .startsWith("%7 $6 server $5 redis $7 version")
                .contains("$5 proto :3");
        run(lines, true);
    }

    private void run(List<Object> lines, boolean resp3) throws IOException {
        for (int i = 0; i < lines.size(); ) {
            String command = (String) lines.get(i);
            boolean same = lines.get(i + 1) instanceof Same;
            String expected = same ? ((Same) lines.get(i + 1)).reply() : (String) lines.get(resp3 ? i + 2 : i + 1);
            assertThat(client.call(command)).as(command).isEqualTo(expected);
            i += same ? 2 : 3;
        }
    }

    @Test
    void protocolChangesInTheMiddleOfAPipeline() throws IOException {
        client.send(RawClient.command("GET a"));
        client.send("HELLO 3\r\nGET a\r\nRESET\r\nGET a\r\n");

        assertThat(client.reply()).isEqualTo("$-1");
        assertThat(client.reply()).startsWith("%7 ");
        assertThat(client.reply()).isEqualTo("_");
        assertThat(client.reply()).isEqualTo("+RESET");
        assertThat(client.reply()).isEqualTo("$-1");
    }

    @Test
    void quitAnswersWhatCameBeforeAndCloses() throws IOException {
        client.send("SET a b\r\nGET a\r\nQUIT\r\nGET a\r\n");

        assertThat(List.of(client.reply(), client.reply(), client.reply())).containsExactly("+OK", "$1 b", "+OK");
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void failuresOfTheStoreAreTypedAndSayTheEffect() throws IOException {
        Member leader = FakeStore.member("other", 7001, 1);
        int slot = 15495;

        assertThat(replyTo(RequestException.notLeader(leader))).isEqualTo("-MOVED " + slot + " 127.0.0.1:7001");
        assertThat(replyTo(RequestException.wrongGroup(15, 2, 9, leader)))
                .isEqualTo("-MOVED " + slot + " 127.0.0.1:7001");
        assertThat(replyTo(RequestException.notLeader(null)))
                .isEqualTo("-ERR NOT_LEADER NOT_APPLIED this member does not lead its group");
        assertThat(replyTo(RequestException.of(Error.Code.DEADLINE, Effect.UNKNOWN, "no quorum")))
                .isEqualTo("-ERR DEADLINE UNKNOWN no quorum");
        assertThat(replyTo(RequestException.of(Error.Code.BUSY, Effect.NOT_APPLIED, "queue is full")))
                .isEqualTo("-BUSY NOT_APPLIED queue is full");
        assertThat(replyTo(RequestException.of(Error.Code.DISK_FULL, Effect.NOT_APPLIED, "disk is full")))
                .isEqualTo("-ERR DISK_FULL NOT_APPLIED disk is full");
        assertThat(replyTo(RequestException.of(Error.Code.NOT_READY, Effect.NOT_APPLIED, "no map yet")))
                .isEqualTo("-LOADING NOT_APPLIED no map yet");
        assertThat(meters.get("quorate.redis.requests")
                        .tags("operation", "set", "outcome", "MOVED")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    private String replyTo(RequestException failure) throws IOException {
        store.failWith(failure);
        return client.call("SET a b");
    }

    @Test
    void withoutAMapItSaysWhatItWaitsFor() throws IOException {
        store.become(SELF, RouteResponse.getDefaultInstance());

        assertThat(client.call("GET a")).startsWith("-LOADING this node belongs to no cluster yet");
        assertThat(client.call("CLUSTER SLOTS")).startsWith("-LOADING ");
        assertThat(client.call("PING")).isEqualTo("+PONG");
    }

    @Test
    void clusterCommandsTellGroupsAndSlots() throws IOException {
        Member b = FakeStore.member("b", 7002, 1);
        Member self = FakeStore.member(SELF, 7001, 1);
        Member c = FakeStore.member("c", 7003, 1);
        store.become(SELF, FakeStore.route(16, List.of(List.of(b, self), List.of(c))));
        String idB = ClusterTopology.nodeId("b");
        String idC = ClusterTopology.nodeId("c");
        String idSelf = ClusterTopology.nodeId(SELF);

        assertThat(client.call("CLUSTER MYID")).isEqualTo("$40 " + idSelf);
        assertThat(client.call("CLUSTER SLOTS"))
                .isEqualTo("*2 *4 :0 :8191 *4 $9 127.0.0.1 :7002 $40 " + idB + " *0 *4 $9 127.0.0.1 :7001 $40 " + idSelf
                        + " *0 *3 :8192 :16383 *4 $9 127.0.0.1 :7003 $40 " + idC + " *0");
        assertThat(client.call("CLUSTER NODES"))
                .endsWith(" " + idB + " 127.0.0.1:7002@1,127.0.0.1 master - 0 0 7 connected 0-8191\n"
                        + idSelf + " 127.0.0.1:7001@1,127.0.0.1 myself,slave " + idB + " 0 0 7 connected\n"
                        + idC + " 127.0.0.1:7003@1,127.0.0.1 master - 0 0 7 connected 8192-16383\n");
        assertThat(client.call("CLUSTER SHARDS"))
                .startsWith("*2 *4 $5 slots *2 :0 :8191 $5 nodes *2 *14 $2 id $40 " + idB
                        + " $4 port :7002 $2 ip $9 127.0.0.1");
        assertThat(client.call("CLUSTER INFO")).contains("cluster_state:ok cluster_slots_assigned:16384");
        assertThat(client.call("INFO replication")).contains("role:slave");
        assertThat(client.call("INFO")).contains("# Server redis_version:", "cluster_enabled:1", "# Keyspace");
        assertThat(client.call("GET greeting")).startsWith("-MOVED 12714 127.0.0.1:7003");
    }
}
