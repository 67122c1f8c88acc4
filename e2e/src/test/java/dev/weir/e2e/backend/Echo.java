package dev.weir.e2e.backend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Says who it is and sends back the request, byte for byte. */
final class Echo implements Script {
  @Override
  public void serve(Call call) throws IOException {
    var reply = new ByteArrayOutputStream();
    var body = new ByteArrayOutputStream();
    body.write(call.head().raw().getBytes(StandardCharsets.ISO_8859_1));
    call.body().transferTo(body);
    var head =
        """
        HTTP/1.1 200 OK
        X-Backend: %s
        %sContent-Type: text/plain
        Content-Length: %d

        """
            .formatted(call.backend().name(), call.tlsField(), body.size())
            .replace("\r\n", "\n")
            .replace("\n", "\r\n");
    reply.write(head.getBytes(StandardCharsets.ISO_8859_1));
    if (!call.head().method().equals("HEAD")) {
      body.writeTo(reply);
    }
    call.write(reply.toByteArray());
  }
}
