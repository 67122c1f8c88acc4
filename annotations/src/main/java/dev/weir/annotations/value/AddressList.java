package dev.weir.annotations.value;

import dev.weir.dataplane.model.AddressSet;

/** Lists of IP addresses and ranges, separated by commas. */
public final class AddressList {
  private AddressList() {}

  /** The text itself, checked. */
  public static String parse(String text) throws InvalidValueException {
    try {
      AddressSet.parse(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(
          "addresses and ranges separated by commas: 10.0.0.0/8, 2001:db8::1; " + e.getMessage());
    }
  }
}
