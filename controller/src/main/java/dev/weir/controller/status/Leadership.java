package dev.weir.controller.status;

/** Whether this replica is the one that writes. May be asked by any thread. */
interface Leadership {
  /** Every replica may write, none is asked: the answer without leader election. */
  Leadership NOT_NEEDED =
      new Leadership() {
        @Override
        public boolean decided() {
          return true;
        }

        @Override
        public boolean leads() {
          return true;
        }

        @Override
        public boolean confirm() {
          return true;
        }
      };

  /** Whether it is known who leads, or whether anybody does. */
  boolean decided();

  /** Whether the Lease is ours and can't have been taken over yet; asks nobody. */
  boolean leads();

  /**
   * The same, after a look at the Lease unless there was one just now: a Lease that somebody
   * deleted or rewrote is lost before its time. To be asked before each write.
   */
  boolean confirm() throws InterruptedException;
}
