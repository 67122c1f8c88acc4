package dev.weir.e2e.fault;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives fault tests their figure, and fails those that never met their fault. */
final class FaultExtension implements ParameterResolver, AfterTestExecutionCallback {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Injection.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var injection = new Injection(row(context).figure());
    store(context).put(Injection.class, injection);
    return injection;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    var row = row(context);
    var injection = store(context).get(Injection.class, Injection.class);
    long counted = injection == null ? 0 : injection.counted();
    if (!context.getRequiredTestClass().isMemberClass()) {
      System.out.printf(
          "fault %s: figure %d, injected %d %s%n", row.id(), row.figure(), counted, row.injected());
    }
    if (counted == 0 && context.getExecutionException().isEmpty()) {
      throw new AssertionError(row.id() + " passed without its fault: no " + row.injected());
    }
  }

  private static FaultList.Row row(ExtensionContext context) {
    return FaultList.row(context.getRequiredTestMethod().getAnnotation(Fault.class).value());
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(Namespace.create(FaultExtension.class, context.getUniqueId()));
  }
}
