package dev.weir.e2e.fault;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of a fault that {@code e2e/faults.tsv} lists. It takes an {@link Injection}, and fails
 * unless that counted the fault at least once.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(FaultExtension.class)
public @interface Fault {
  /** The id in the list. */
  String value();
}
