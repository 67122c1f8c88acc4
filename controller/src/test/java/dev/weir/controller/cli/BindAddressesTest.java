package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BindAddressesTest {
  @Test
  void withoutAWishAllAddressesAreBoundByOneSocket() {
    assertThat(BindAddresses.choose(List.of(), false))
        .singleElement()
        .asString()
        .isIn("::", "0.0.0.0");
    assertThat(BindAddresses.choose(List.of(), true)).containsExactly("0.0.0.0");
  }

  @Test
  void withoutIpv6OnlyIpv4AddressesOfTheListAreBound() {
    var wanted = BindAddresses.parse("127.0.0.1, [::1],::1").orElseThrow();
    assertThat(wanted).containsExactly("127.0.0.1", "::1", "::1");
    assertThat(BindAddresses.choose(wanted, true)).containsExactly("127.0.0.1");
  }

  @Test
  void whatIsNoAddressIsRefused() {
    assertThat(BindAddresses.parse("localhost")).isEmpty();
    assertThat(BindAddresses.parse("127.0.0.1,,127.0.0.2")).isEmpty();
  }
}
