package dev.quorate.sim.mutation;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Changed copies of some sources, and the classes that come of them. */
final class SourceCopy {
    static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private final Path directory;
    private final Map<String, String> sources = new TreeMap<>();

    /** @param directory for the copies and the classes; empty */
    SourceCopy(Path directory) {
        this.directory = directory;
    }

    /** A source as it is by now. */
    String read(String file) throws IOException {
        String changed = sources.get(file);
        return changed == null ? Files.readString(Mutant.ROOT.resolve(file)) : changed;
    }

    void replace(String file, String source) {
        sources.put(file, source);
    }

    /**
     * Compiles what was replaced, with the product's own classes for the rest.
     *
     * @return where the classes are
     * @throws PatchException when it does not compile
     */
    Path compile() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", CLASS_PATH);
            if (!compiler.getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(copies()))
                    .call()) {
                throw new PatchException(sources.keySet() + " do not compile any more:\n" + messages);
            }
        }
        return classes;
    }

    private List<Path> copies() throws IOException {
        Path copies = directory.resolve("sources");
        for (Map.Entry<String, String> each : sources.entrySet()) {
            Path copy = copies.resolve(each.getKey());
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, each.getValue());
        }
        return sources.keySet().stream().map(copies::resolve).toList();
    }
}
