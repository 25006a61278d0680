package dev.quorate.cli.nemesis;

import dev.quorate.history.Outcome;
import dev.quorate.history.Result;

/**
 * What a client's library made of an operation.
 *
 * @param result of one that took effect, else null
 * @param trouble of one that did not succeed, in words, else empty
 * @param copies beside it, which the library sent before and which may take effect as well
 */
record Answer(Outcome outcome, Result result, String trouble, int copies) {
    static Answer ok(Result result, int copies) {
        return new Answer(Outcome.OK, result, "", copies);
    }

    static Answer failed(String trouble, int copies) {
        return new Answer(Outcome.FAILED, null, trouble, copies);
    }

    static Answer unknown(String trouble, int copies) {
        return new Answer(Outcome.UNKNOWN, null, trouble, copies);
    }
}
