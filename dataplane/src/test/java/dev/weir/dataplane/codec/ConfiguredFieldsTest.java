package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.SetField;
import dev.weir.dataplane.upstream.TestRequest;
import dev.weir.testsupport.Seed;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be configured can be sent, and what can't be sent can't be configured. */
class ConfiguredFieldsTest {
  private record Reply(Fields fields) implements ReplyHead {
    @Override
    public int status() {
      return 200;
    }

    @Override
    public String reason() {
      return "";
    }

    @Override
    public long bodyLength() {
      return 0;
    }
  }

  private static String request(HeadEdits edits) {
    var out = Unpooled.buffer();
    RequestHeadWriter.write(TestRequest.get("/"), edits, 0, false, "none", out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String reply(HeadEdits edits) {
    var out = Unpooled.buffer();
    new Http1ReplyWriter()
        .write(
            out,
            new Reply(TestRequest.get("/").fields()),
            edits,
            Http1ReplyWriter.Framing.LENGTH,
            Http1ReplyWriter.Persistence.SILENT);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsAcceptedIsSentOnceAndWhole() {
    long seed = Seed.get();
    var random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < 20_000; i++) {
      var name = text(random, "xy-_.1 :é\n\0", 8);
      var value = text(random, "ab ;,\"é😀\t\r\n\0\u007f", 6).strip();
      var about = "seed %d: %s: %s".formatted(seed, name, value);
      boolean sendable =
          name.matches("[xy._1-]+")
              && value.chars().noneMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
      assertThat(refused(() -> SetField.ofRequest(name, value))).as(about).isEqualTo(!sendable);
      assertThat(refused(() -> SetField.ofReply(name, value))).as(about).isEqualTo(!sendable);
      assertThat(refused(() -> SetField.verbatim(name, value))).as(about).isEqualTo(!sendable);
      if (sendable) {
        var line = "\r\n" + name + ": " + value + "\r\n";
        assertThat(request(edits(SetField.ofRequest(name, value))))
            .as(about)
            .containsOnlyOnce(line);
        assertThat(reply(edits(SetField.ofReply(name, value)))).as(about).containsOnlyOnce(line);
        assertThat(reply(edits(SetField.verbatim(name, value)))).as(about).containsOnlyOnce(line);
        accepted++;
      }
    }
    assertThat(accepted).isGreaterThan(1000);
  }

  private static HeadEdits edits(SetField field) {
    return new HeadEdits().set(field.name(), field.value().text());
  }

  private static String text(Random random, String alphabet, int most) {
    var characters = alphabet.codePoints().toArray();
    var text = new StringBuilder();
    for (int n = random.nextInt(most); n > 0; n--) {
      // The odd ones seldom, so that many texts are without.
      int among = random.nextInt(6) == 0 ? characters.length : 5;
      text.appendCodePoint(characters[random.nextInt(among)]);
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "content-length",
        "Transfer-Encoding",
        "UPGRADE",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Proxy-Connection"
      })
  void fieldsOfFramingAreNobodysToSet(String name) {
    Stream.<Runnable>of(
            () -> SetField.ofRequest(name, "x"),
            () -> SetField.ofReply(name, "x"),
            () -> SetField.verbatim(name, "x"),
            () -> SetField.checkReplyName(name))
        .forEach(
            configure ->
                assertThatThrownBy(configure::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("is a field that the proxy alone decides on"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "Expect", "HTTP2-Settings", "Proxy-Authorization"})
  void someAreNobodysToSetInRequestsOnly(String name) {
    assertThatThrownBy(() -> SetField.ofRequest(name, "x")).hasMessageContaining("alone");
    assertThatCode(() -> SetField.ofReply(name, "x")).doesNotThrowAnyException();
  }

  /** Whatever the writers refuse or leave out of edits must be refused before. */
  @Test
  void everyKnownNameIsEitherRefusedOrSent() {
    for (var known : FieldName.values()) {
      var name = known.text();
      var edits = new HeadEdits().set(name, "mine");
      boolean inRequests = known == FieldName.HOST || request(edits).contains(name + ": mine");
      assertThat(refused(() -> SetField.ofRequest(name, "x")))
          .as(name)
          .isEqualTo(!inRequests || known == FieldName.HOST);
      assertThat(refused(() -> SetField.ofReply(name, "x")))
          .as(name)
          .isEqualTo(refused(() -> reply(edits)));
    }
  }

  private static boolean refused(Runnable run) {
    try {
      run.run();
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
