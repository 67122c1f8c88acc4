import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/**
 * Makes jars of others such that the JVM takes their classes into its AOT cache. It leaves out
 * classes of signed jars, so signatures and what belongs to them go; it leaves out classes of
 * versions before Java 6, which carry no stack maps, so these get them and become classes of Java
 * 6. Nothing else of a jar changes. Nobody here asks for signatures: none of these jars is used as
 * a provider of cryptography, where some JVMs do.
 *
 * <p>Arguments: the folder, then beginnings of names of jars.
 */
final class ArchivableJars {
  private static final Pattern SIGNATURE =
      Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)", Pattern.CASE_INSENSITIVE);
  private static final int MAJOR_VERSION = 7;

  public static void main(String[] args) throws IOException {
    var folder = Path.of(args[0]);
    for (var prefix : List.of(args).subList(1, args.length)) {
      int found = 0;
      try (var jars = Files.newDirectoryStream(folder, prefix + "*.jar")) {
        for (var jar : jars) {
          rewrite(jar);
          found++;
        }
      }
      if (found == 0) {
        throw new IOException("no jar " + prefix + "*.jar in " + folder);
      }
    }
  }

  private static void rewrite(Path jar) throws IOException {
    var time = Files.getLastModifiedTime(jar);
    var bytes = new ByteArrayOutputStream();
    try (var from = new JarFile(jar.toFile());
        var classes = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
      var manifest = withoutDigests(from);
      try (var to = new JarOutputStream(bytes, manifest)) {
        for (var entry : (Iterable<JarEntry>) from.stream()::iterator) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)
              && !SIGNATURE.matcher(entry.getName()).matches()) {
            var copy = new JarEntry(entry.getName());
            copy.setLastModifiedTime(entry.getLastModifiedTime());
            to.putNextEntry(copy);
            to.write(
                archivable(entry.getName(), from.getInputStream(entry).readAllBytes(), classes));
          }
        }
      }
    }
    // In one step: a jar that was cut short would be taken for the right one by the next build.
    var written = Files.write(jar.resolveSibling(jar.getFileName() + ".part"), bytes.toByteArray());
    Files.setLastModifiedTime(written, time);
    Files.move(written, jar, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Manifest withoutDigests(JarFile jar) throws IOException {
    // Read anew: by the jar's own one its entries are verified as they are read.
    var manifest = new Manifest();
    try (var text = jar.getInputStream(jar.getEntry(JarFile.MANIFEST_NAME))) {
      manifest.read(text);
    }
    var sections = manifest.getEntries().values();
    sections.forEach(
        section -> section.keySet().removeIf(name -> name.toString().contains("-Digest")));
    sections.removeIf(section -> section.isEmpty());
    return manifest;
  }

  private static byte[] archivable(String name, byte[] bytes, ClassLoader others) {
    if (!name.endsWith(".class") || bytes[MAJOR_VERSION] >= ClassFile.JAVA_6_VERSION) {
      return bytes;
    }
    var classFile =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(others)));
    // Bodies are made anew, or they would be copied as they are.
    var bodies = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
    return classFile.transformClass(
        classFile.parse(bytes),
        ((ClassTransform)
                (builder, element) -> {
                  if (element instanceof ClassFileVersion) {
                    builder.withVersion(ClassFile.JAVA_6_VERSION, 0);
                  } else {
                    builder.with(element);
                  }
                })
            .andThen(bodies));
  }
}
