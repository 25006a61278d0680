package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Text;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Which types may stand for which. */
final class Types {
    /** Written down, they are the same bytes. */
    private static final Set<Class<?>> TEXTUAL = Set.of(Text.class, String.class, byte[].class);

    private Types() {}

    /** Whether what was written as one type may be read as another. */
    static boolean readableAs(Class<?> written, Class<?> read) {
        return written == read || TEXTUAL.contains(written) && TEXTUAL.contains(read);
    }

    /** Whether a value of one type may be given, after {@link #conversion}, where another is wanted. */
    static boolean usableAs(Class<?> given, Class<?> wanted) {
        return wanted.isAssignableFrom(given) || given == Text.class && TEXTUAL.contains(wanted);
    }

    static UnaryOperator<Object> conversion(Class<?> given, Class<?> wanted) {
        if (!wanted.isAssignableFrom(given) && wanted == String.class) {
            return Object::toString;
        }
        return !wanted.isAssignableFrom(given) ? text -> ((Text) text).toBytes() : UnaryOperator.identity();
    }
}
