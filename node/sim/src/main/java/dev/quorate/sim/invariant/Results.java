package dev.quorate.sim.invariant;

import dev.quorate.store.ApplyResult;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Compares results by what clients can see of them: they hold arrays, which a record compares by identity. */
final class Results {
    private Results() {}

    static boolean same(ApplyResult left, ApplyResult right) {
        return switch (left) {
            case ApplyResult.Written(var operations) ->
                right instanceof ApplyResult.Written(var others) && sameOperations(operations, others);
            case ApplyResult.SessionOpened opened -> opened.equals(right);
            case ApplyResult.Rejected _ -> right instanceof ApplyResult.Rejected;
            default -> left.getClass() == right.getClass();
        };
    }

    private static boolean sameOperations(List<OperationResult> left, List<OperationResult> right) {
        for (int i = 0; i < left.size(); i++) {
            OperationResult one = left.get(i);
            OperationResult other = right.get(i);
            if (one.applied() != other.applied()
                    || one.number() != other.number()
                    || !same(one.current(), other.current())
                    || !same(one.previous(), other.previous())) {
                return false;
            }
        }
        return left.size() == right.size();
    }

    private static boolean same(Versioned left, Versioned right) {
        return left == null || right == null
                ? left == right
                : left.version() == right.version()
                        && left.deadlineMillis() == right.deadlineMillis()
                        && (left.value() == null || right.value() == null
                                ? Objects.equals(left.value(), right.value())
                                : Arrays.equals(left.value(), right.value()));
    }
}
