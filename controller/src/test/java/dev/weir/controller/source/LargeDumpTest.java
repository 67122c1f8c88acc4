package dev.weir.controller.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("It counts the JVM's heap")
final class LargeDumpTest {
  @Test
  void aDumpOfTenThousandObjectsLeavesLittleMoreThanItsRecords(@TempDir Path folder)
      throws IOException {
    var text = new StringBuilder("apiVersion: v1\nitems:\n");
    for (int i = 0; i < 10_000; i++) {
      text.append(
          """
          - apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: "%s"
              name: shop-%d
              namespace: store
            spec:
              rules:
              - host: shop-%d.example.com
                http:
                  paths:
                  - backend:
                      service:
                        name: web
                        port:
                          number: 80
                    path: /
                    pathType: Prefix
          """
              .formatted("x".repeat(400), i, i));
    }
    text.append("kind: List\n");
    Files.writeString(folder.resolve("dump.yaml"), text, StandardCharsets.UTF_8);
    var state = new FolderState(folder);
    long before = live();

    var batch = state.first();

    assertThat(batch.findings()).isEmpty();
    assertThat(batch.changes()).hasSize(10_000);
    assertThat(live() - before).isLessThan(40L << 20);
    assertThat(state.poll().pending()).isFalse();
  }

  private static long live() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
