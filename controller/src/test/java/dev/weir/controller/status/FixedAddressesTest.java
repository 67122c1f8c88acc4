package dev.weir.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.LoadBalancerAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedAddressesTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7, ''",
    "2001:db8::7, 2001:db8::7, ''",
    "[2001:db8::7], 2001:db8::7, ''",
    "[::1], ::1, ''",
    "fe80::1%eth0, fe80::1, ''",
    "lb.example.com, '', lb.example.com",
    "1.2.3.4.5, '', 1.2.3.4.5",
    "[192.0.2.7], 192.0.2.7, ''",
    "LB.Example.com, '', lb.example.com",
    "lb.example.com., '', lb.example.com",
  })
  void whatTheApiServerTakesForAnAddressIsOne(String text, String ip, String hostname) {
    assertThat(new FixedAddresses(List.of(text)).addresses())
        .contains(List.of(new LoadBalancerAddress(ip, hostname)));
  }
}
