package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.codec.TypeArguments;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The classes of a job's jars. */
final class UserClasses implements Closeable {
    private final URLClassLoader loader;
    private final List<Path> jars;

    UserClasses(List<Path> jars) throws JobException {
        this.jars = jars;
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            if (!Files.isReadable(jars.get(i))) {
                throw new JobException("there is no jar " + jars.get(i) + ", or it can't be read.");
            }
            try {
                urls[i] = jars.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new JobException("the jar " + jars.get(i) + " can't be named as a URL: " + e.getMessage(), e);
            }
        }
        loader = new URLClassLoader(urls, UserClasses.class.getClassLoader());
    }

    /**
     * A way to make instances of a class.
     *
     * @param role for messages, for example {@code mapper}
     */
    <T> Maker<T> find(String name, Class<T> type, String role) throws JobException {
        Class<?> found;
        try {
            found = Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            String where = jars.isEmpty() ? "on the class path; name its jar with --jar" : "in " + jars;
            throw new JobException("there is no class " + name + " (the " + role + ") " + where + ".", e);
        } catch (ExceptionInInitializerError e) {
            throw new JobException(
                    "class " + name + " (the " + role + ") can't be loaded: its initializer threw " + e.getCause(), e);
        } catch (LinkageError e) {
            throw new JobException("class " + name + " (the " + role + ") can't be loaded: " + e, e);
        }
        if (!type.isAssignableFrom(found)) {
            throw new JobException(
                    "class " + name + " can't be the " + role + ": it does not implement " + type.getName() + ".");
        }
        Constructor<? extends T> constructor;
        try {
            constructor = found.asSubclass(type).getDeclaredConstructor();
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new JobException("class " + name + " (the " + role + ") has no constructor without parameters.", e);
        }
        Maker<T> maker = new Maker<>(name, constructor);
        maker.make();
        return maker;
    }

    /** Makes instances of a class. */
    record Maker<T>(String name, Constructor<? extends T> constructor) {
        T make() throws JobException {
            try {
                return constructor.newInstance();
            } catch (InvocationTargetException e) {
                throw new JobException("the constructor of " + name + " threw " + e.getCause(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new JobException("no instance of " + name + " can be made: " + e.getMessage(), e);
            }
        }

        /** What the class puts in for the type parameters of an interface. */
        List<Class<?>> typeArguments(Class<?> anInterface) throws JobException {
            return TypeArguments.of(constructor.getDeclaringClass(), anInterface)
                    .orElseThrow(() -> new JobException(
                            "class " + name + " does not say its types: let it implement " + anInterface.getSimpleName()
                                    + " with concrete ones, as in Mapper<Long, Text, Text, Long>."));
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
