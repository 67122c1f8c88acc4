package dev.weir.controller.parse;

/** Text as a sequence of tokens. Used once, by one thread. */
interface TokenSource {
  /**
   * The next token; {@link Token.EndOfText} again and again at the end.
   *
   * @throws BadText if the text breaks the rules of its language; nothing can be read after that
   */
  Token next() throws BadText;
}
