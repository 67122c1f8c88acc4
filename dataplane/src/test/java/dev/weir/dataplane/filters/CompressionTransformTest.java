package dev.weir.dataplane.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.filter.BodyTransform;
import dev.weir.dataplane.filter.BodyTransform.After;
import dev.weir.testsupport.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies through the encoders themselves, however they are cut. */
class CompressionTransformTest {
  private static final int BODIES = 60;
  private static final int LARGEST = 200_000;

  private final CompressionMemory memory = new CompressionMemory();

  enum Coding {
    GZIP(1, 9),
    BROTLI(0, 11);

    private final int lowest;
    private final int highest;

    Coding(int lowest, int highest) {
      this.lowest = lowest;
      this.highest = highest;
    }

    BodyTransform transform(int level, CompressionMemory memory) {
      return this == GZIP
          ? new GzipTransform(level, Objects.requireNonNull(memory.take(GzipTransform.MEMORY)))
          : new BrotliTransform(
              level, Objects.requireNonNull(memory.take(BrotliTransform.memory(level))));
    }

    InputStream decoder(InputStream in) throws IOException {
      return this == GZIP ? new GZIPInputStream(in) : new BrotliStream(in);
    }
  }

  @BeforeAll
  static void theNativeLibraryIsThere() {
    assertThat(BrotliLibrary.load().available()).isTrue();
  }

  private static byte[] body(Random random) {
    var body = new byte[random.nextInt(4) == 0 ? random.nextInt(20) : random.nextInt(LARGEST)];
    int kind = random.nextInt(3);
    for (int i = 0; i < body.length; i++) {
      body[i] =
          (byte)
              switch (kind) {
                case 0 -> random.nextInt(256);
                case 1 -> 'a' + random.nextInt(4);
                default -> i / 1000;
              };
    }
    return body;
  }

  private static ByteBuf buffer(Random random, byte[] bytes, int from, int length) {
    var alloc = ByteBufAllocator.DEFAULT;
    var buffer = random.nextBoolean() ? alloc.directBuffer() : alloc.heapBuffer();
    if (random.nextInt(4) > 0) {
      return buffer.writeBytes(bytes, from, length);
    }
    int half = length / 2;
    return alloc
        .compositeBuffer()
        .addComponent(true, buffer.writeBytes(bytes, from, half))
        .addComponent(true, alloc.directBuffer().writeBytes(bytes, from + half, length - half));
  }

  private static void drain(ByteBuf piece, ByteArrayOutputStream to) throws IOException {
    piece.readBytes(to, piece.readableBytes());
    assertThat(piece.release()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aBodyCutAnywhereComesOutAsItWas(Coding coding) throws Exception {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int i = 0; i < BODIES; i++) {
      // The slowest levels now and then.
      int level = random.nextInt(coding.lowest, i % 10 == 0 ? coding.highest + 1 : 8);
      var body = body(random);
      var transform = coding.transform(level, memory);
      var sent = new ByteArrayOutputStream();
      for (int at = 0; at < body.length; ) {
        int most = Math.min(body.length - at, transform.turn());
        int length = random.nextInt(3) == 0 ? random.nextInt(most + 1) : most;
        var after = random.nextBoolean() ? After.MORE : After.PAUSE;
        drain(transform.piece(buffer(random, body, at, length), after), sent);
        at += length;
      }
      drain(transform.piece(ByteBufAllocator.DEFAULT.buffer(), After.END), sent);
      transform.close();

      var compressed = new ByteArrayInputStream(sent.toByteArray());
      assertThat(coding.decoder(compressed).readAllBytes())
          .as("seed %d, body %d, level %d", seed, i, level)
          .isEqualTo(body);
    }
    assertThat(memory.left()).isEqualTo(CompressionMemory.MOST);
  }

  @ParameterizedTest
  @CsvSource({"GZIP, 1", "GZIP, 9", "BROTLI, 0", "BROTLI, 4", "BROTLI, 9", "BROTLI, 11"})
  void whatCameBeforeAPauseCanBeReadBeforeMoreComes(Coding coding, int level) throws Exception {
    var random = new Random(level);
    var transform = coding.transform(level, memory);
    var sent = new ByteArrayOutputStream();
    var said = new ByteArrayOutputStream();
    for (int i = 0; i < 20; i++) {
      var line = ("data: " + random.nextInt() + "\n\n").getBytes(StandardCharsets.US_ASCII);
      said.writeBytes(line);
      drain(transform.piece(buffer(random, line, 0, line.length), After.PAUSE), sent);
      var decoder = coding.decoder(new ByteArrayInputStream(sent.toByteArray()));
      assertThat(decoder.readNBytes(said.size())).isEqualTo(said.toByteArray());
    }
    transform.close();
    assertThat(memory.left()).isEqualTo(CompressionMemory.MOST);
  }

  @ParameterizedTest
  @EnumSource
  void apartFromPausesNothingIsAdded(Coding coding) throws Exception {
    var transform = coding.transform(4, memory);
    var sent = new ByteArrayOutputStream();
    var nothing = ByteBufAllocator.DEFAULT;
    drain(
        transform.piece(
            nothing.buffer().writeBytes("hello".getBytes(StandardCharsets.US_ASCII)), After.PAUSE),
        sent);
    int before = sent.size();
    for (int i = 0; i < 100; i++) {
      drain(transform.piece(nothing.buffer(), After.PAUSE), sent);
    }
    assertThat(sent.size()).isEqualTo(before);
    transform.close();
  }

  @Test
  void aTransformThatIsClosedWithoutAPieceGivesItsMemoryBackOnce() {
    for (var coding : Coding.values()) {
      var transform = coding.transform(1, memory);
      assertThat(memory.left()).isLessThan(CompressionMemory.MOST);
      transform.close();
      transform.close();
      assertThat(memory.left()).isEqualTo(CompressionMemory.MOST);
    }
  }

  @Test
  void memoryIsHandedOutAsLongAsThereIsSome() {
    var little = new CompressionMemory(100);
    var first = Objects.requireNonNull(little.take(60));
    assertThat(little.take(60)).isNull();
    var second = Objects.requireNonNull(little.take(40));
    assertThat(little.left()).isZero();
    first.close();
    assertThat(little.take(60)).isNotNull();
    second.close();
    second.close();
    assertThat(little.left()).isEqualTo(40);
  }

  @Test
  void largeBodiesGetSmaller() throws Exception {
    var text = "the same words over and over ".repeat(5_000);
    for (var coding : Coding.values()) {
      var transform = coding.transform(1, memory);
      var sent = new ByteArrayOutputStream();
      var data = ByteBufAllocator.DEFAULT.buffer();
      data.writeCharSequence(text, StandardCharsets.US_ASCII);
      drain(transform.piece(data, After.END), sent);
      assertThat(sent.size()).isLessThan(text.length() / 20);
    }
  }
}
