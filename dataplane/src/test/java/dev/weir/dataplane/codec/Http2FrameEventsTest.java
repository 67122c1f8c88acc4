package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.dataplane.telemetry.Offence;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients that mean well do passes for ever; what nobody needs ends soon. */
class Http2FrameEventsTest {
  private final AtomicLong clock = new AtomicLong();
  private final Telemetry telemetry = new Telemetry(TelemetrySettings.DEFAULT, Clock.systemUTC());
  private final Peer peer = new Peer();
  private final Http2FrameEvents events =
      new Http2FrameEvents(new AbuseBudget(clock::get), telemetry.connections().abuse(), peer);

  private static final class Peer implements Http2FrameEvents.Client {
    int asked;
    int unread;

    @Override
    public String address() {
      return "192.0.2.1";
    }

    @Override
    public void askToLeave() {
      asked++;
    }

    @Override
    public int unreadAnswers() {
      return unread;
    }
  }

  private void passes(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void frame(int type, int length) throws Http2Fault {
    events.frame(type, 0, length);
  }

  private void nothingWasSaid() {
    assertThat(peer.asked).isZero();
  }

  @Test
  void aBrowserThatLoadsPagesAndLeavesThemIsLeftAlone() throws Http2Fault {
    frame(Http2Frame.SETTINGS, 24);
    frame(Http2Frame.WINDOW_UPDATE, 4);
    for (int i = 0; i < 6; i++) {
      frame(Http2Frame.PRIORITY, 5);
    }
    for (int page = 0; page < 200; page++) {
      for (int i = 0; i < 100; i++) {
        frame(Http2Frame.HEADERS, 400);
        events.opened();
        frame(0x10, 12);
        frame(0x2a, 20);
        frame(Http2Frame.WINDOW_UPDATE, 4);
      }
      for (int i = 0; i < 1000; i++) {
        events.dataSent();
        frame(Http2Frame.WINDOW_UPDATE, 4);
        frame(Http2Frame.WINDOW_UPDATE, 4);
      }
      for (int i = 0; i < 45; i++) {
        frame(Http2Frame.RST_STREAM, 4);
        events.oddity(Offence.RESET_BY_CLIENT);
      }
      passes(11_000);
      frame(Http2Frame.PING, 8);
    }
    nothingWasSaid();
  }

  @Test
  void aGrpcClientThatMeasuresThePathAndStreamsSmallMessagesIsLeftAlone() throws Http2Fault {
    frame(Http2Frame.SETTINGS, 6);
    events.opened();
    for (int i = 0; i < 100_000; i++) {
      frame(Http2Frame.DATA, 5 + i % 20);
      events.dataSent();
      frame(Http2Frame.PING, 8);
      frame(Http2Frame.WINDOW_UPDATE, 4);
      if (i % 10_000 == 0) {
        frame(Http2Frame.SETTINGS, 12);
      }
    }
    nothingWasSaid();
  }

  /** Its reader takes 4 KiB at a time, and both windows are widened each time. */
  @Test
  void aClientOfGoThatDownloadsMuchIsLeftAlone() throws Http2Fault {
    frame(Http2Frame.SETTINGS, 18);
    events.opened();
    for (int i = 0; i < 100_000; i++) {
      events.dataSent();
      for (int n = 0; n < 8; n++) {
        frame(Http2Frame.WINDOW_UPDATE, 4);
      }
    }
    nothingWasSaid();
  }

  @Test
  void aGrpcClientWithManyCancellationsIsLeftAlone() throws Http2Fault {
    for (int i = 0; i < 20_000; i++) {
      events.opened();
      frame(Http2Frame.HEADERS, 60);
      frame(Http2Frame.DATA, 5);
      if (i % 3 == 0) {
        frame(Http2Frame.RST_STREAM, 4);
        events.oddity(Offence.RESET_BY_CLIENT);
      }
      passes(50);
    }
    nothingWasSaid();
  }

  @Test
  void anIdleConnectionThatIsKeptAliveIsLeftAlone() throws Http2Fault {
    for (int i = 0; i < 10_000; i++) {
      frame(Http2Frame.PING, 8);
      passes(1000);
    }
    nothingWasSaid();
  }

  @Test
  void whatEveryConnectionSaysOnceIsNotEvenCounted() throws Http2Fault {
    events.settingsSent();
    frame(Http2Frame.SETTINGS, 24);
    frame(Http2Frame.WINDOW_UPDATE, 4);
    events.frame(Http2Frame.SETTINGS, Http2Frame.ACK, 0);
    events.resizes(1);
    for (int i = 0; i < 5; i++) {
      events.opened();
      frame(Http2Frame.SETTINGS, 6);
    }
    frame(Http2Frame.GOAWAY, 8);
    frame(Http2Frame.GOAWAY, 8);
    assertThat(telemetry.text().lines())
        .filteredOn(line -> line.startsWith("weir_http2_abuse_points_total{"))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" 0"));
  }

  @Test
  void aClientThatDoesNotKnowOurSettingsYetIsLeftAlone() throws Http2Fault {
    for (int i = 0; i < 100; i++) {
      events.refused();
    }
    nothingWasSaid();
  }

  @ParameterizedTest
  @CsvSource({
    "2, 5, 0, priority, 150",
    "4, 0, 0, settings, 110",
    "4, 0, 1, settings, 100",
    "4, 10560, 0, settings, 1",
    "6, 8, 0, ping, 100",
    "6, 8, 1, ping, 100",
    "7, 8, 0, goaway, 22",
    "8, 4, 0, window_update, 600",
    "9, 10, 0, continuation, 9",
    "0, 0, 0, empty_data_again, 22",
    "0, 4, 0, tiny_data, 10000",
    "66, 4, 0, unknown_frame, 110",
  })
  void whatNobodyNeedsEndsTheConnection(int type, int length, int flags, String offence, int frames)
      throws Http2Fault {
    for (int i = 1; i < frames; i++) {
      events.frame(type, flags, length);
    }
    assertThatThrownBy(() -> events.frame(type, flags, length))
        .isInstanceOfSatisfying(
            Http2Fault.class,
            fault -> assertThat(fault.code()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM));
    assertThat(telemetry.text())
        .contains("weir_http2_abuse_closes_total{offence=\"" + offence + "\"} 1\n");
  }

  @Test
  void theClientIsAskedToLeaveOnceBeforeItIsCutOff() throws Http2Fault {
    for (int i = 0; i < 99; i++) {
      frame(Http2Frame.PING, 8);
      assertThat(peer.asked).isEqualTo(i < 74 ? 0 : 1);
    }
    assertThat(telemetry.text())
        .contains(
            "weir_http2_abuse_points_total{offence=\"ping\"} 9900\n",
            "weir_http2_abuse_goaways_total{offence=\"ping\"} 1\n",
            "weir_http2_abuse_closes_total{offence=\"ping\"} 0\n");
  }

  @Test
  void aClientThatTakesNoAnswersIsCutOff() throws Http2Fault {
    peer.unread = 500;
    frame(Http2Frame.HEADERS, 10);
    peer.unread = 501;
    assertThatThrownBy(() -> frame(Http2Frame.HEADERS, 10)).isInstanceOf(Http2Fault.class);
  }

  @Test
  void acknowledgementsOfWhatWasSentAreFree() throws Http2Fault {
    for (int i = 0; i < 10_000; i++) {
      events.settingsSent();
      events.frame(Http2Frame.SETTINGS, Http2Frame.ACK, 0);
      events.pingSent();
      events.frame(Http2Frame.PING, Http2Frame.ACK, 8);
    }
    nothingWasSaid();
  }
}
