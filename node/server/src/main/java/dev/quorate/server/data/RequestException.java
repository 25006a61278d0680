package dev.quorate.server.data;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;

/** A request that failed, with the one thing its caller must know: whether it took effect. Carries no stack trace: it is an answer. */
public final class RequestException extends RuntimeException {
    private final transient Error error;

    public RequestException(Error error) {
        super(error.getMessage(), null, false, false);
        this.error = error;
    }

    public Error error() {
        return error;
    }

    /** Another member of this group leads it; nothing took effect. */
    public static RequestException notLeader(Member leader) {
        Error.Builder error = Error.newBuilder()
                .setCode(Error.Code.NOT_LEADER)
                .setEffect(Effect.NOT_APPLIED)
                .setMessage("this member does not lead its group");
        if (leader != null) {
            error.setLeader(leader);
        }
        return new RequestException(error.build());
    }

    /** Another group owns the shard; nothing took effect. The leader is the owner's, as far as known, else one of its members. */
    public static RequestException wrongGroup(int shard, int ownerGroup, long epoch, Member leader) {
        Error.Builder error = Error.newBuilder()
                .setCode(Error.Code.WRONG_GROUP)
                .setEffect(Effect.NOT_APPLIED)
                .setMessage("shard " + shard + " belongs to group " + ownerGroup + " as of epoch " + epoch)
                .setOwnerGroup(ownerGroup)
                .setEpoch(epoch);
        if (leader != null) {
            error.setLeader(leader);
        }
        return new RequestException(error.build());
    }

    public static RequestException of(Error.Code code, Effect effect, String message) {
        return new RequestException(Error.newBuilder()
                .setCode(code)
                .setEffect(effect)
                .setMessage(message)
                .build());
    }
}
