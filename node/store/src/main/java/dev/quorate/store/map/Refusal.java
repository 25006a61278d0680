package dev.quorate.store.map;

/** A change that the map's rules don't allow; the message is a sentence for people. Carries no stack trace: it is an answer. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String sentence) {
        super(sentence, null, false, false);
    }

    static void unless(boolean allowed, String sentence) throws Refusal {
        if (!allowed) {
            throw new Refusal(sentence);
        }
    }
}
