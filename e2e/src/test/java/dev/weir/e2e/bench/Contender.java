package dev.weir.e2e.bench;

/** What is compared. */
enum Contender {
  WEIR("Weir epoll"),
  /** The same process a second time in each round: how far equal things lie apart. */
  WEIR_AGAIN("A/A"),
  WEIR_IO_URING("Weir io_uring"),
  NGINX("nginx"),
  HAPROXY("HAProxy"),
  /** For HTTP/2 only. */
  NGHTTPX("nghttpx"),
  /** {@link Relay}. */
  FLOOR("floor");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /** How tables call it. */
  String title() {
    return title;
  }
}
