package dev.weir.e2e.garden;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What a server in this process saw. */
final class Journal {
  private final List<Seen> seen = new ArrayList<>();

  /** Notes a request whose body arrived whole. */
  synchronized Seen note(String method, String target, byte[] body, @Nullable String marker) {
    var request =
        new Seen(
            Integer.toString(seen.size() + 1),
            method,
            target,
            summary(body),
            marker == null ? "" : marker);
    seen.add(request);
    return request;
  }

  synchronized List<Seen> all() {
    return List.copyOf(seen);
  }

  /** As in {@link Seen#body}. */
  static String summary(byte[] body) {
    var crc = new CRC32();
    crc.update(body);
    return body.length + "/" + Long.toHexString(crc.getValue());
  }

  static byte[] read(InputStream body) throws IOException {
    var bytes = new ByteArrayOutputStream();
    body.transferTo(bytes);
    return bytes.toByteArray();
  }
}
