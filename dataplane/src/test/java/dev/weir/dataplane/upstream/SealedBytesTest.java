package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.codec.CountedBytes;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** What is handed to TLS counts until what TLS made of it has left. */
class SealedBytesTest {
  /** Says when it is sent. */
  private static final class Counted extends CompositeByteBuf implements CountedBytes {
    private final List<String> sent;
    private final String name;

    Counted(String name, List<String> sent) {
      super(UnpooledByteBufAllocator.DEFAULT, false, 1);
      this.name = name;
      this.sent = sent;
      addComponent(true, Unpooled.buffer(4).writeInt(1));
    }

    @Override
    public void countUntilSent() {
      sent.add("counts " + name);
    }

    @Override
    public void sent() {
      sent.add("sent " + name);
    }
  }

  @Test
  void theFirstThatIsWrittenIsTheFirstThatIsSent() {
    var sent = new ArrayList<String>();
    var sealed = new SealedBytes();
    var first = new Counted("a", sent);
    var second = new Counted("b", sent);
    sealed.add(first);
    sealed.add(Unpooled.EMPTY_BUFFER);
    sealed.add(second);
    sealed.written();
    sealed.written();
    assertThat(sent).containsExactly("counts a", "counts b", "sent a");
    sealed.clear();
    sealed.written();
    assertThat(sent).endsWith("sent b").hasSize(4);
    first.release();
    second.release();
  }

  @Test
  void whatTlsNeverSendsIsGivenUpWithItsConnection() throws Exception {
    var sent = new ArrayList<String>();
    var engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    var channel = new EmbeddedChannel(new SslHandler(engine));
    var count = new WriteCount(channel, true, failure -> assertThat(failure).isNotNull());
    for (var name : new String[] {"a", "b", "c"}) {
      var data = new Counted(name, sent);
      count.begin(data);
      var _ = channel.write(data, count);
    }
    channel.flush();
    assertThat(sent).containsExactly("counts a", "counts b", "counts c");
    assertThat(count.pending()).isTrue();
    channel.finishAndReleaseAll();
    count.end();
    assertThat(sent).endsWith("sent a", "sent b", "sent c").hasSize(6);
  }
}
