package dev.weir.controller.parse;

import com.fasterxml.jackson.core.JsonFactory;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads manifest files: YAML with several documents, JSON with several values, objects or lists of
 * objects ({@code kubectl get -o yaml}).
 *
 * <p>A list's items are read one by one, so a dump of a whole cluster needs memory for its text and
 * its records, not for its tree. One object that can't be understood loses itself; text that isn't
 * YAML or JSON loses what stands after it too. Findings carry {@code file:line:column}.
 *
 * <p>Immutable; may be called from any thread. Never throws, whatever the text.
 */
public final class ManifestReader {
  /** Size in bytes of the largest file that is read; a dump of a large cluster fits. */
  public static final int LARGEST = 128 * 1024 * 1024;

  private final JsonFactory json = new JsonFactory();
  private final ObjectParser parser = new ObjectParser();

  /** Whether a file of that name is read: {@code .yaml}, {@code .yml} and {@code .json}. */
  public static boolean isManifest(String file) {
    var name = file.toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  /**
   * Reads a file.
   *
   * @param file its name, for messages and for the choice between YAML and JSON
   * @param bytes its content, UTF-8
   */
  public ManifestFile read(String file, byte[] bytes) {
    var collector = new ManifestCollector(file, parser);
    try {
      var text = text(bytes);
      if (file.toLowerCase(Locale.ROOT).endsWith(".json")) {
        try (var tokens = json.createParser(text)) {
          read(new JsonTokens(tokens), collector);
        }
      } else {
        read(new YamlTokens(text), collector);
      }
    } catch (BadText bad) {
      collector.bad(bad);
    } catch (IOException bad) {
      collector.bad(new BadText(String.valueOf(bad.getMessage()), 1, 1));
    }
    return collector.result();
  }

  private static void read(TokenSource tokens, ManifestCollector collector) throws BadText {
    var builder = new TreeBuilder(tokens);
    for (var token = tokens.next(); !(token instanceof Token.EndOfText); token = tokens.next()) {
      builder.startDocument();
      new DocumentReader(tokens, builder, collector).read(token);
    }
  }

  private static String text(byte[] bytes) throws BadText {
    if (bytes.length > LARGEST) {
      throw new BadText("the file is larger than " + LARGEST + " bytes", 1, 1);
    }
    var buffer = ByteBuffer.wrap(bytes);
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException notUtf8) {
      int line = 1;
      int column = 1;
      for (int i = 0; i < buffer.position(); i++) {
        column = bytes[i] == '\n' ? 1 : column + 1;
        line = bytes[i] == '\n' ? line + 1 : line;
      }
      throw new BadText("the text is not UTF-8", line, column);
    }
  }

  /** A finding about a file as a whole. */
  public static Finding ofFile(String file, Severity severity, String message, String hint) {
    var object = new ObjectRef(new ObjectKey(Kind.MANIFEST, "", file), "");
    return new Finding(severity, object, file, message, hint);
  }
}
