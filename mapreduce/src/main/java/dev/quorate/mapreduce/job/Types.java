package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.StoredValue;
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
        boolean text = given == Text.class || given == StoredValue.class;
        return wanted.isAssignableFrom(given) || text && TEXTUAL.contains(wanted);
    }

    static UnaryOperator<Object> conversion(Class<?> given, Class<?> wanted) {
        if (wanted.isAssignableFrom(given)) {
            return UnaryOperator.identity();
        }
        if (wanted == String.class) {
            return Object::toString;
        }
        return wanted == Text.class ? Types::text : value -> text(value).toBytes();
    }

    private static Text text(Object value) {
        return value instanceof StoredValue stored ? stored.value() : (Text) value;
    }
}
