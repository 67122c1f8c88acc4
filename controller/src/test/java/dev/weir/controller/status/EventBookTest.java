package dev.weir.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBookTest {
  private final LongAdder dropped = new LongAdder();
  private final EventBook book = new EventBook(dropped);

  private static ObjectRef ingress(String name) {
    return new ObjectRef(new ObjectKey(Kind.INGRESS, "default", name), "uid-" + name);
  }

  private static Finding finding(Severity severity, ObjectRef object, String field) {
    return new Finding(severity, object, field, "is wrong", "mend it");
  }

  private List<String> all() {
    var lines = new ArrayList<String>();
    for (var offer = book.take(); offer != null; offer = book.take()) {
      lines.add(offer.note().reason() + ": " + offer.note().message());
    }
    return lines;
  }

  @Test
  void reasonsTellKindsOfFindingsApart() {
    var shop = ingress("shop");
    book.ours(shop.key());
    book.appeared(finding(Severity.ERROR, shop, "spec.rules[0].http.paths[0]"));
    book.appeared(finding(Severity.WARNING, shop, "spec.defaultBackend"));
    book.appeared(finding(Severity.WARNING, shop, "spec.tls[0].secretName"));
    book.appeared(finding(Severity.WARNING, shop, "nginx.ingress.kubernetes.io/x"));
    book.appeared(finding(Severity.INFO, shop, "spec.rules[1]"));
    assertThat(all())
        .containsExactly(
            "NotServed: spec.rules[0].http.paths[0]: is wrong (mend it)",
            "ServedDifferently: spec.defaultBackend: is wrong (mend it)",
            "CertificateProblem: spec.tls[0].secretName: is wrong (mend it)",
            "AnnotationNotInEffect: nginx.ingress.kubernetes.io/x: is wrong (mend it)");
  }

  @Test
  void whatCanBeNoObjectGetsNoEvent() {
    for (var name : List.of("*", "default certificate", "", "Shop", "a..b/")) {
      var object = new ObjectRef(new ObjectKey(Kind.SECRET, "default", name), "");
      book.appeared(finding(Severity.ERROR, object, "tls.crt"));
    }
    assertThat(all()).isEmpty();
  }

  @Test
  void anObjectWithManyFindingsGetsOneEventForTheRest() {
    var shop = ingress("shop");
    book.ours(shop.key());
    for (int i = 0; i < 100; i++) {
      book.appeared(finding(Severity.WARNING, shop, "spec.rules[" + i + "]"));
    }
    assertThat(all())
        .hasSize(EventBook.MOST_OF_AN_OBJECT + 1)
        .last()
        .asString()
        .startsWith("MoreFindings: ")
        .contains("/debug/findings");
    book.repeat(false);
    assertThat(all()).hasSize(EventBook.MOST_OF_AN_OBJECT + 1);
  }

  @Test
  void whatIsResolvedBeforeItIsSaidIsNotSaid() {
    var shop = ingress("shop");
    book.ours(shop.key());
    var finding = finding(Severity.ERROR, shop, "spec.rules[0]");
    book.appeared(finding);
    book.resolved(finding);
    assertThat(all()).isEmpty();
    book.repeat(false);
    assertThat(all()).isEmpty();
  }

  @Test
  void findingsOfAnIngressAreSaidOnceItIsOurs() {
    var shop = ingress("shop");
    book.appeared(finding(Severity.ERROR, shop, "spec.rules[0]"));
    assertThat(all()).isEmpty();
    book.ours(shop.key());
    assertThat(all()).hasSize(1);
    book.ours(shop.key());
    assertThat(all()).isEmpty();
  }

  @Test
  void filesAndWholeKindsCarryNoEvents() {
    var file = new ObjectRef(new ObjectKey(Kind.MANIFEST, "", "a.yaml"), "");
    var kind = new ObjectRef(new ObjectKey(Kind.SECRET, "", "*"), "");
    book.appeared(finding(Severity.ERROR, file, ""));
    book.appeared(finding(Severity.ERROR, kind, ""));
    assertThat(all()).isEmpty();
  }

  @Test
  void whatDoesNotFitIsCountedAndWarningsComeFirst() {
    for (int i = 0; i < EventBook.MOST_WAITING + 5; i++) {
      book.say(EventNote.sync(ingress("shop-" + i)));
    }
    assertThat(dropped.sum()).isEqualTo(5);
    var shop = ingress("shop");
    book.ours(shop.key());
    book.appeared(finding(Severity.ERROR, shop, "spec.rules[0]"));
    assertThat(all())
        .hasSize(EventBook.MOST_WAITING + 1)
        .first()
        .asString()
        .startsWith("NotServed");
  }

  @Test
  void whatStandsIsSaidAndRepeatedHoweverMuchItIs() {
    int many = EventBook.MOST_WAITING + 1000;
    for (int i = 0; i < many; i++) {
      var shop = ingress("shop-" + i);
      book.ours(shop.key());
      book.appeared(finding(Severity.ERROR, shop, "spec.rules[" + i + "]"));
    }
    for (int round = 0; round < 3; round++) {
      assertThat(all()).as("round %d", round).hasSize(many).doesNotHaveDuplicates();
      book.repeat(false);
    }
    assertThat(dropped.sum()).isZero();
  }

  @Test
  void whatIsRepeatedLeavesEveryOtherTurnToNews() {
    for (int i = 0; i < 10; i++) {
      var bad = ingress("bad-" + i);
      book.ours(bad.key());
      book.appeared(finding(Severity.ERROR, bad, "spec"));
    }
    assertThat(all()).hasSize(10);
    book.repeat(false);
    for (int i = 0; i < 10; i++) {
      book.say(EventNote.sync(ingress("new-" + i)));
    }
    assertThat(all().subList(0, 10)).filteredOn(line -> line.startsWith("Sync")).hasSize(5);
  }

  @Test
  void whatIsOverBeforeItsTurnComesIsNotRepeated() {
    var shop = ingress("shop");
    var gone = ingress("gone");
    var finding = finding(Severity.ERROR, shop, "spec");
    for (var object : List.of(shop, gone)) {
      book.ours(object.key());
    }
    book.appeared(finding);
    book.appeared(finding(Severity.ERROR, gone, "spec"));
    assertThat(all()).hasSize(2);
    book.repeat(false);
    book.resolved(finding);
    book.notOurs(gone.key());
    assertThat(all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "-", ".-", "-.-"})
  void aNameIsNotCutBehindADot(String end) {
    var longName = "s".repeat(200 - end.length()) + end + "shop";
    var name = EventNote.sync(ingress(longName)).name();
    assertThat(name).matches("s+\\.[0-9a-f]{16}");
    assertThat(name).hasSize(200 - end.length() + 17);
  }

  @Test
  void theSameNoteHasTheSameNameAndNoOtherHas() {
    var shop = ingress("shop");
    assertThat(EventNote.sync(shop).name()).isEqualTo(EventNote.sync(ingress("shop")).name());
    assertThat(EventNote.sync(new ObjectRef(shop.key(), "other")).name())
        .isNotEqualTo(EventNote.sync(shop).name());
    assertThat(EventNote.sync(ingress("s".repeat(253))).name().length()).isLessThanOrEqualTo(253);
  }
}
