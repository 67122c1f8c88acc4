package dev.weir.controller.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.weir.controller.parse.ObjectParser;
import dev.weir.controller.parse.Parsed;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * The part of an AdmissionReview's request that Weir reads. The objects stay text until somebody
 * asks for them, so that reading costs no memory beside the body.
 *
 * @param version {@code apiVersion} of the review
 * @param uid to be echoed
 * @param operation {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code CONNECT}
 * @param resource what is written
 * @param objects what it becomes and what it was
 */
record AdmissionRequest(
    String version, String uid, String operation, Resource resource, Objects objects) {
  /** The only version of AdmissionReview that is understood. */
  static final String VERSION = "admission.k8s.io/v1";

  private static final String GROUP = "admission.k8s.io/";

  /** Nothing that is read here is long; what is skipped may be, and takes no memory. */
  private static final int LONGEST_TEXT = 4096;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build())
          .build();

  /**
   * A kind of object.
   *
   * @param name plural: {@code ingresses}
   * @param subResource a part, such as {@code status}; empty for the object itself
   */
  record Resource(String name, String subResource) {}

  /** New and old object. */
  record Objects(Text now, Text old) {}

  /** A part of the body; not copied. */
  static final class Text {
    private static final Text NONE = new Text(new byte[0], 0, 0);

    private final byte[] body;
    private final int offset;
    private final int length;

    private Text(byte[] body, int offset, int length) {
      this.body = body;
      this.offset = offset;
      this.length = length;
    }

    /** The object in it. */
    Parsed parse(ObjectParser parser) {
      return parser.parse(body, offset, length);
    }
  }

  /** The text is no AdmissionReview. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** Collects fields in whatever order they come. */
  private static final class Fields {
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Text> objects = new HashMap<>();
    private final byte[] body;

    Fields(byte[] body) {
      this.body = body;
    }

    String text(String name) {
      return texts.getOrDefault(name, "");
    }

    Text object(String name) {
      return objects.getOrDefault(name, Text.NONE);
    }
  }

  /**
   * Reads a whole body.
   *
   * @throws Malformed if it isn't an AdmissionReview with a request, of whatever version
   */
  static AdmissionRequest read(byte[] body) throws Malformed {
    var fields = new Fields(body);
    try (var json = JSON.createParser(body)) {
      review(json, fields, false);
    } catch (JsonProcessingException e) {
      throw new Malformed("no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("text in memory can't be read", e);
    }
    return checked(fields);
  }

  /**
   * Reads no further than needed for an answer that allows: for a body that there is no room for.
   *
   * @throws Malformed as {@link #read}
   * @throws IOException as the stream
   */
  static AdmissionRequest readHead(InputStream body) throws Malformed, IOException {
    var fields = new Fields(new byte[0]);
    try (var json = JSON.createParser(body)) {
      json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      review(json, fields, true);
    } catch (JsonProcessingException e) {
      throw new Malformed("no JSON: " + e.getOriginalMessage());
    }
    return checked(fields);
  }

  private static AdmissionRequest checked(Fields fields) throws Malformed {
    if (!fields.text("kind").equals("AdmissionReview")
        || !fields.text("apiVersion").startsWith(GROUP)) {
      throw new Malformed("no AdmissionReview of " + VERSION);
    }
    if (fields.text("request.uid").isEmpty()) {
      throw new Malformed("an AdmissionReview without request.uid");
    }
    return new AdmissionRequest(
        fields.text("apiVersion"),
        fields.text("request.uid"),
        fields.text("request.operation"),
        new Resource(fields.text("request.resource.resource"), fields.text("request.subResource")),
        new Objects(fields.object("request.object"), fields.object("request.oldObject")));
  }

  private static void review(JsonParser json, Fields fields, boolean headOnly) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      var value = json.nextToken();
      if (name.equals("request") && value == JsonToken.START_OBJECT) {
        request(json, fields);
      } else {
        scalar(json, name, fields);
      }
      if (headOnly
          && !fields.text("request.uid").isEmpty()
          && !fields.text("apiVersion").isEmpty()
          && !fields.text("kind").isEmpty()) {
        return;
      }
    }
  }

  private static void request(JsonParser json, Fields fields) throws IOException {
    for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      var value = json.nextToken();
      var path = "request." + name;
      if (name.equals("resource") && value == JsonToken.START_OBJECT) {
        resource(json, path, fields);
      } else if (value == JsonToken.START_OBJECT
          && (name.equals("object") || name.equals("oldObject"))) {
        object(json, path, fields);
      } else {
        scalar(json, path, fields);
      }
    }
  }

  private static void resource(JsonParser json, String path, Fields fields) throws IOException {
    for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      scalar(json, path + "." + name, fields);
    }
  }

  private static void object(JsonParser json, String path, Fields fields) throws IOException {
    long begin = json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    long end = json.currentLocation().getByteOffset();
    if (begin >= 0 && end > begin && end <= fields.body.length) {
      fields.objects.put(path, new Text(fields.body, (int) begin, (int) (end - begin)));
    }
  }

  private static void scalar(JsonParser json, String path, Fields fields) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      fields.texts.put(path, json.getText());
    } else {
      json.skipChildren();
    }
  }
}
