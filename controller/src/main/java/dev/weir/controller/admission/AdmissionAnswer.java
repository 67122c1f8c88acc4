package dev.weir.controller.admission;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What the API server is told.
 *
 * @param message why not; empty if allowed
 * @param warnings what the user is shown all the same
 */
record AdmissionAnswer(boolean allowed, String message, List<String> warnings) {
  /** Nothing to say. */
  static final AdmissionAnswer ALLOWED = new AdmissionAnswer(true, "", List.of());

  private static final int BAD_REQUEST = 400;
  private static final JsonFactory JSON = new JsonFactory();

  AdmissionAnswer {
    warnings = List.copyOf(warnings);
  }

  static AdmissionAnswer allowed(List<String> warnings) {
    return new AdmissionAnswer(true, "", warnings);
  }

  /** Allowed because we can't tell. */
  static AdmissionAnswer unchecked(String why) {
    return allowed(List.of("not checked by weir: " + why));
  }

  static AdmissionAnswer refused(String message, List<String> warnings) {
    return new AdmissionAnswer(false, message, warnings);
  }

  /** The AdmissionReview of the answer, in the version of the question. */
  byte[] json(String version, String uid) {
    var bytes = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("apiVersion", version);
      json.writeStringField("kind", "AdmissionReview");
      json.writeObjectFieldStart("response");
      json.writeStringField("uid", uid);
      json.writeBooleanField("allowed", allowed);
      if (!allowed) {
        json.writeObjectFieldStart("status");
        json.writeStringField("status", "Failure");
        json.writeStringField("message", message);
        json.writeStringField("reason", "BadRequest");
        json.writeNumberField("code", BAD_REQUEST);
        json.writeEndObject();
      }
      if (!warnings.isEmpty()) {
        json.writeArrayFieldStart("warnings");
        for (var warning : warnings) {
          json.writeString(warning);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
