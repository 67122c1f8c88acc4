package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.model.Template;

/** Evaluates templates. */
final class TemplateText {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private TemplateText() {}

  static String of(Template template, FilterRequest request) {
    var text = new StringBuilder();
    for (var part : template.parts()) {
      switch (part) {
        case Template.Literal(var literal) -> text.append(literal);
        case Template.Variable variable -> append(text, variable, request);
      }
    }
    return text.toString();
  }

  private static void append(
      StringBuilder text, Template.Variable variable, FilterRequest request) {
    var target = request.head().target();
    switch (variable) {
      case SCHEME -> text.append(request.scheme());
      case HOST -> text.append(request.head().host());
      case REQUEST_URI -> text.append(target);
      case QUERY -> {
        int query = target.indexOf('?');
        if (query >= 0 && query < target.length() - 1) {
          text.append(target, query, target.length());
        }
      }
      case REDIRECT_PORT -> {
        int usual = request.scheme().equals("https") ? HTTPS : HTTP;
        if (request.settings().usePortInRedirects() && request.port() != usual) {
          text.append(':').append(request.port());
        }
      }
    }
  }
}
