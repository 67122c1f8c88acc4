package dev.weir.e2e.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** What makes a JVM notice that an event loop blocks. Immutable; made once for all programs. */
final class BlockHoundOptions {
  private static final BlockHoundOptions ONLY = new BlockHoundOptions();

  private final Path agent;
  private final Path early;
  private final Path folder;

  private BlockHoundOptions() {
    var type = BlockingCallsToLog.class;
    var file = type.getName().replace('.', '/') + ".class";
    try (var bytes = type.getClassLoader().getResourceAsStream(file)) {
      agent =
          Path.of(BlockHound.class.getProtectionDomain().getCodeSource().getLocation().getPath());
      folder = Files.createTempDirectory("weir-e2e-blockhound-");
      var target = folder.resolve(file);
      Files.createDirectories(target.getParent());
      Files.write(target, bytes.readAllBytes());
      var services = Files.createDirectories(folder.resolve("META-INF/services"));
      Files.writeString(services.resolve(BlockHoundIntegration.class.getName()), type.getName());
      early = agentOf(LoadedEarly.class, folder.resolve("early.jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
  }

  private static Path agentOf(Class<?> type, Path jar) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", type.getName());
    var file = type.getName().replace('.', '/') + ".class";
    try (var bytes = type.getClassLoader().getResourceAsStream(file);
        var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new JarEntry(file));
      bytes.transferTo(out);
    }
    return jar;
  }

  private void delete() {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Options for the JVM, and others. */
  static List<String> with(List<String> others) {
    var all = new ArrayList<>(others);
    all.add("-javaagent:" + ONLY.early);
    all.add("-javaagent:" + ONLY.agent);
    all.add("-XX:+AllowRedefinitionToAddDeleteMethods");
    return all;
  }

  /** A class path that has what is needed besides. */
  static String added(String classPath) {
    return classPath + File.pathSeparator + ONLY.folder;
  }
}
