import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** Checks or fixes the format of every Java file under a folder; the formatter takes files only. */
final class Format {
  public static void main(String[] args) throws IOException {
    var command =
        new ArrayList<>(
            args[0].equals("fix")
                ? List.of("--replace")
                : List.of("--dry-run", "--set-exit-if-changed"));
    var root = Path.of(args[1]);
    try (var files = Files.walk(root)) {
      files
          .filter(file -> file.toString().endsWith(".java") && !isBuildOutput(root, file))
          .forEach(file -> command.add(file.toString()));
    }
    var formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
    int result = formatter.run(System.out, System.err, command.toArray(String[]::new));
    if (result != 0) {
      System.err.println(
          "Not formatted (listed above); to fix: mvn -q -Pformat -pl build/style process-sources");
    }
    System.exit(result);
  }

  private static boolean isBuildOutput(Path root, Path file) {
    for (Path part : root.relativize(file)) {
      if (part.toString().equals("target") || part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }
}
