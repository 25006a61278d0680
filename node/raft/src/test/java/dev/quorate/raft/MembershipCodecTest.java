package dev.quorate.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MembershipCodecTest {
    private static final Membership JOINT = new Membership(
            Set.of(new UUID(1, 2), new UUID(-3, 4), new UUID(5, -6)), Set.of(new UUID(1, 2)), Set.of(new UUID(7, 8)));

    @Test
    void givesBackWhatItWasGiven() {
        for (Membership membership : new Membership[] {Membership.NONE, JOINT}) {
            assertThat(MembershipCodec.decode(MembershipCodec.encode(membership)))
                    .isEqualTo(membership);
        }
    }

    @Test
    void theSameMembersAreTheSameBytes() {
        Membership again = new Membership(
                Set.of(new UUID(5, -6), new UUID(1, 2), new UUID(-3, 4)), JOINT.outgoing(), JOINT.learners());
        assertThat(MembershipCodec.encode(again)).isEqualTo(MembershipCodec.encode(JOINT));
    }

    @Test
    void refusesWhatIsNoMembership() {
        byte[] good = MembershipCodec.encode(JOINT);
        for (int size = 0; size < good.length; size++) {
            byte[] cut = Arrays.copyOf(good, size);
            assertThatThrownBy(() -> MembershipCodec.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThatThrownBy(() -> MembershipCodec.decode(longer)).isInstanceOf(IllegalArgumentException.class);
        good[0] = 2;
        assertThatThrownBy(() -> MembershipCodec.decode(good)).hasMessageContaining("unknown format");
    }
}
