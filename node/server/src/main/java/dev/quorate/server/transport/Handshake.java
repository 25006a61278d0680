package dev.quorate.server.transport;

import dev.quorate.server.proto.Frame;
import dev.quorate.server.proto.Hello;
import dev.quorate.server.proto.Welcome;

/** The first frame each way on a connection. */
final class Handshake {
    static final int VERSION = 2;
    static final int TIMEOUT_MILLIS = 5_000;

    private Handshake() {}

    static Frame hello(Self self, int toGroup) {
        return Frame.newBuilder()
                .setGroupId(toGroup)
                .setHello(Hello.newBuilder()
                        .setVersion(VERSION)
                        .setClusterId(self.clusterId())
                        .setGroupId(self.groupId())
                        .setMemberId(self.memberId())
                        .setToken(self.token()))
                .build();
    }

    /** Why the caller is not welcome, or the empty text. The token is compared first: a stranger learns nothing. */
    static String refusal(Self self, Frame frame) {
        if (!frame.hasHello()) {
            return "the first frame was no hello";
        }
        Hello hello = frame.getHello();
        if (!self.knowsToken(hello.getToken())) {
            return "wrong token";
        }
        if (hello.getVersion() != VERSION) {
            return "protocol version " + hello.getVersion() + ", this node speaks " + VERSION;
        }
        if (!hello.getClusterId().equals(self.clusterId())) {
            return "this node belongs to cluster " + self.clusterId() + ", not " + hello.getClusterId();
        }
        if (frame.getGroupId() != self.groupId()) {
            return "this node belongs to group " + self.groupId() + ", not " + frame.getGroupId();
        }
        return "";
    }

    /** Of a caller that may be removed only the own group can tell. */
    static boolean isOfGroup(Self self, Frame frame) {
        return frame.getHello().getGroupId() == self.groupId();
    }

    static Frame welcome(Self self, Frame hello, String refusal, boolean removed) {
        return Frame.newBuilder()
                .setGroupId(hello.getHello().getGroupId())
                .setWelcome(Welcome.newBuilder()
                        .setRefusal(refusal)
                        .setRemoved(removed)
                        .setGroupId(self.groupId())
                        .setMemberId(self.memberId()))
                .build();
    }
}
