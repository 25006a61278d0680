package dev.quorate.mapreduce.codec;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a class puts in for the type parameters of an interface that it implements, directly or by its parents. */
public final class TypeArguments {
    private TypeArguments() {}

    /** In the interface's order; empty when the class leaves any of them open, as lambdas and raw types do. */
    public static Optional<List<Class<?>>> of(Class<?> implementation, Class<?> anInterface) {
        return search(implementation, Map.of(), anInterface);
    }

    private static Optional<List<Class<?>>> search(Type type, Map<TypeVariable<?>, Type> outer, Class<?> wanted) {
        Class<?> raw = raw(type, outer);
        if (raw == null || !wanted.isAssignableFrom(raw)) {
            return Optional.empty();
        }
        Map<TypeVariable<?>, Type> bound = new HashMap<>();
        if (type instanceof ParameterizedType parameterized) {
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                bound.put(variables[i], resolved(parameterized.getActualTypeArguments()[i], outer));
            }
        }
        if (raw == wanted) {
            List<Class<?>> found = Arrays.stream(raw.getTypeParameters())
                    .<Class<?>>map(variable -> raw(bound.get(variable), bound))
                    .toList();
            return found.contains(null) ? Optional.empty() : Optional.of(found);
        }
        for (Type parent : raw.getGenericInterfaces()) {
            Optional<List<Class<?>>> found = search(parent, bound, wanted);
            if (found.isPresent()) {
                return found;
            }
        }
        return raw.getGenericSuperclass() == null
                ? Optional.empty()
                : search(raw.getGenericSuperclass(), bound, wanted);
    }

    private static Type resolved(Type type, Map<TypeVariable<?>, Type> bound) {
        return type instanceof TypeVariable<?> variable ? bound.get(variable) : type;
    }

    private static Class<?> raw(Type type, Map<TypeVariable<?>, Type> bound) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
            case GenericArrayType array -> {
                Class<?> component = raw(array.getGenericComponentType(), bound);
                yield component == null ? null : component.arrayType();
            }
            case TypeVariable<?> variable -> bound.get(variable) == null ? null : raw(bound.get(variable), bound);
            case null, default -> null;
        };
    }
}
