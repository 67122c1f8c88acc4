package dev.weir.controller.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.translate.HostTranslator;
import dev.weir.controller.translate.IngressReview;
import dev.weir.controller.translate.TranslateOptions;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is decided when the time is over; the rest is data, see {@link ReviewCasesTest}. */
class ReviewerTest {
  private final Reviewer reviewer =
      new Reviewer(
          new IngressReview(new HostTranslator(TranslateOptions.DEFAULT)),
          () -> Optional.of(new ClusterState(null)),
          () -> Instant.EPOCH);

  @Test
  void hostsThatThereWasNoTimeForAreNotChecked() throws Exception {
    var asked = new AtomicInteger();
    var answer =
        reviewer.decide(question("CREATE", "null"), () -> asked.incrementAndGet() < 2).answer();
    assertThat(answer.allowed()).isFalse();
    assertThat(answer.message()).contains("rules[0].http.paths[0]").doesNotContain("rules[1]");
    assertThat(answer.warnings()).contains("not checked as a whole by weir: the time was over");
  }

  @Test
  void anUpdateWhoseForerunnerThereWasNoTimeForIsAllowed() throws Exception {
    var asked = new AtomicInteger();
    var request = question("UPDATE", ingress("old"));
    var answer = reviewer.decide(request, () -> asked.incrementAndGet() <= 2).answer();
    assertThat(answer.allowed()).isTrue();
    assertThat(answer.warnings()).anyMatch(warning -> warning.contains("can't be served"));
  }

  private static AdmissionRequest question(String operation, String old) throws Exception {
    var question =
        Questions.of("u", operation, ingress("new"))
            .replace("\"oldObject\":null", "\"oldObject\":" + old);
    return AdmissionRequest.read(question.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static String ingress(String label) {
    return """
    {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"shop","namespace":\
    "default","labels":{"l":"%s"},"annotations":{"kubernetes.io/ingress.class":"nginx"}},"spec":\
    {"rules":[%s,%s]}}\
    """
        .formatted(label, rule("a.test"), rule("b.test"));
  }

  private static String rule(String host) {
    return """
    {"host":"%s","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"resource":\
    {"kind":"Bucket","name":"files"}}}]}}\
    """
        .formatted(host);
  }
}
