package dev.weir.controller.admission;

import dev.weir.controller.parse.ObjectParser;
import dev.weir.controller.parse.Parsed;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Severity;
import dev.weir.controller.translate.IngressReview;
import dev.weir.controller.translate.IngressReview.Remark;
import dev.weir.controller.translate.IngressReview.Review;
import dev.weir.controller.translate.IngressReview.Weight;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Decides what may be written.
 *
 * <p>Refused is an Ingress of ours that asks for something which can't be served because of what it
 * says itself, and one that takes a path from another. What rests on other objects is a warning,
 * since these may come later or change; so is what is served otherwise than somebody would expect.
 *
 * <p>An update is refused only for faults that it brings: one that the stored object has already,
 * word for word, is a warning, so that nobody who changes a label has to mend what others wrote.
 * Always allowed are objects of other classes, deletions, updates of objects that are being
 * deleted, and whatever can't be judged.
 *
 * <p>May be used by any thread.
 */
final class Reviewer {
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  private final ObjectParser parser = new ObjectParser();
  private final IngressReview translation;
  private final Supplier<Optional<ClusterView>> cluster;
  private final InstantSource clock;

  /**
   * @param cluster empty until everything has been read once
   */
  Reviewer(
      IngressReview translation, Supplier<Optional<ClusterView>> cluster, InstantSource clock) {
    this.translation = translation;
    this.cluster = cluster;
    this.clock = clock;
  }

  /**
   * What was decided.
   *
   * @param checked the Ingress, if it was ours and checked
   * @param neighbours Ingresses on its hosts
   */
  record Decision(AdmissionAnswer answer, Optional<ObjectKey> checked, int neighbours) {
    private static Decision unchecked(AdmissionAnswer answer) {
      return new Decision(answer, Optional.empty(), 0);
    }
  }

  /** Whether there is something to check against. */
  boolean isReady() {
    return cluster.get().isPresent();
  }

  /**
   * Decides.
   *
   * @param mayGoOn false when the time is over: what is left is not checked
   */
  Decision decide(AdmissionRequest request, BooleanSupplier mayGoOn) {
    if (!request.operation().equals("CREATE") && !request.operation().equals("UPDATE")) {
      return Decision.unchecked(AdmissionAnswer.ALLOWED);
    }
    if (!request.version().equals(AdmissionRequest.VERSION)) {
      return Decision.unchecked(
          AdmissionAnswer.unchecked(
              "AdmissionReview of "
                  + request.version()
                  + " is not understood (expected: "
                  + AdmissionRequest.VERSION
                  + "); set admissionReviewVersions: [v1] in the webhook's configuration"));
    }
    if (!request.resource().name().equals("ingresses")
        || !request.resource().subResource().isEmpty()) {
      return Decision.unchecked(
          AdmissionAnswer.unchecked("only Ingresses as a whole are, name no others in its rules"));
    }
    var view = cluster.get();
    if (view.isEmpty()) {
      return Decision.unchecked(AdmissionAnswer.unchecked("it has not read the whole cluster yet"));
    }
    return decide(request, view.get(), mayGoOn);
  }

  private Decision decide(AdmissionRequest request, ClusterView view, BooleanSupplier mayGoOn) {
    var parsed = parse(request.objects().now());
    var ingress = ingress(parsed);
    if (ingress.isEmpty()) {
      var warnings = new ArrayList<String>();
      warnings.add("not checked by weir: the object can't be understood");
      parsed.findings().forEach(finding -> warnings.add(AnswerText.text(finding)));
      return Decision.unchecked(AdmissionAnswer.allowed(AnswerText.warnings(warnings)));
    }
    var candidate = dated(ingress.get());
    if (candidate.meta().deleting() || !translation.ours(candidate, view)) {
      return Decision.unchecked(AdmissionAnswer.ALLOWED);
    }
    var review = translation.of(candidate, view, mayGoOn);
    var faults = faults(parsed, review);
    var known = new ArrayList<Finding>();
    if (!faults.isEmpty() && request.operation().equals("UPDATE")) {
      known.addAll(takeKnown(faults, request.objects().old(), view, mayGoOn));
    }
    var warnings = AnswerText.warnings(warnings(parsed, review, faults, known));
    var answer =
        faults.isEmpty()
            ? AdmissionAnswer.allowed(warnings)
            : AdmissionAnswer.refused(AnswerText.refusal(candidate.key(), faults), warnings);
    return new Decision(answer, Optional.of(candidate.key()), review.neighbours());
  }

  private Parsed parse(AdmissionRequest.Text text) {
    return text.parse(parser);
  }

  private static Optional<IngressResource> ingress(Parsed parsed) {
    return parsed
        .resource()
        .filter(IngressResource.class::isInstance)
        .map(IngressResource.class::cast);
  }

  /** An object that has no time of its creation yet is the newest, not the oldest. */
  private IngressResource dated(IngressResource ingress) {
    var meta = ingress.meta();
    if (!meta.created().equals(Instant.EPOCH)) {
      return ingress;
    }
    var now =
        new Meta(
            meta.ref(),
            clock.instant(),
            meta.resourceVersion(),
            meta.deleting(),
            meta.labels(),
            meta.annotations());
    return new IngressResource(
        now, ingress.className(), ingress.defaultBackend(), ingress.tls(), ingress.rules());
  }

  /** What refuses, all of it. */
  private static List<Finding> faults(Parsed parsed, Review review) {
    var faults = new ArrayList<Finding>();
    parsed.findings().stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .forEach(faults::add);
    review.remarks().stream()
        .filter(remark -> remark.weight() == Weight.FAULT)
        .map(Remark::finding)
        .forEach(faults::add);
    return faults;
  }

  /**
   * Takes those out that there were before, as often as there were; answers them. If the time was
   * over before all of these were found, each may have been one.
   */
  private List<Finding> takeKnown(
      List<Finding> faults,
      AdmissionRequest.Text before,
      ClusterView view,
      BooleanSupplier mayGoOn) {
    var parsed = parse(before);
    var old = ingress(parsed).filter(ingress -> translation.ours(ingress, view));
    if (old.isEmpty()) {
      return List.of();
    }
    var review = translation.of(old.get(), view, mayGoOn);
    var counts = new HashMap<String, Integer>();
    faults(parsed, review).forEach(finding -> counts.merge(identity(finding), 1, Integer::sum));
    var known = new ArrayList<Finding>();
    faults.removeIf(
        fault -> {
          boolean there = take(counts, identity(fault)) || !review.whole();
          if (there) {
            known.add(fault);
          }
          return there;
        });
    return known;
  }

  private static boolean take(Map<String, Integer> counts, String identity) {
    int left = counts.getOrDefault(identity, 0);
    if (left == 0) {
      return false;
    }
    counts.put(identity, left - 1);
    return true;
  }

  /** Places in lists move when something is put in front of them. */
  private static String identity(Finding finding) {
    return INDEX.matcher(finding.field()).replaceAll("[]") + ": " + finding.message();
  }

  private static List<String> warnings(
      Parsed parsed, Review review, List<Finding> faults, List<Finding> known) {
    var warnings = new ArrayList<String>();
    known.forEach(fault -> warnings.add(AnswerText.text(fault)));
    parsed.findings().stream()
        .filter(finding -> finding.severity() == Severity.WARNING)
        .forEach(finding -> warnings.add(AnswerText.text(finding)));
    review.remarks().stream()
        .filter(remark -> remark.weight() == Weight.REFERENCE || remark.weight() == Weight.WARNING)
        .filter(remark -> !said(remark.finding(), faults) && !said(remark.finding(), known))
        .forEach(remark -> warnings.add(AnswerText.text(remark)));
    if (!review.whole()) {
      warnings.add("not checked as a whole by weir: the time was over");
    }
    return warnings;
  }

  /** Whether a fault of the same path says it better. */
  private static boolean said(Finding finding, List<Finding> faults) {
    return faults.stream().anyMatch(fault -> fault.field().equals(finding.field() + ".path"));
  }
}
