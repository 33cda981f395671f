package ai.icon.spark.run;

import ai.icon.error.ResourceError;
import ai.icon.spark.rows.Fence;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One driver's right to write to a run folder. Renewed by a thread of its own until it is closed. A
 * driver that finds a later one stops: it writes nothing more, and what it runs is cancelled.
 */
public final class RunLease implements AutoCloseable {
  /** Failures in a row that a lease is given up for, once it is late. */
  private static final int ENOUGH_FAILURES = 2;

  private final RunFolder folder;
  private final LeaseFiles files;
  private final Runnable onLost;
  private final Thread heart;
  private final long begun = System.nanoTime();
  private Lease lease;
  private long renewed = begun;
  private boolean isClosed;
  private Optional<RuntimeException> lost = Optional.empty();

  private RunLease(RunFolder folder, LeaseFiles files, Lease lease, Runnable onLost) {
    this.folder = folder.heldAt(lease.epoch());
    this.files = files;
    this.lease = lease;
    this.onLost = onLost;
    this.heart = new Thread(this::live, "icon-lease");
    heart.setDaemon(true);
  }

  /**
   * Takes the lease of a run folder. Where the last driver gave no sign of life lately but may
   * still live, waits until it gives one or is known to be dead.
   *
   * @param application Spark's id of the driver; empty if it has none
   * @param messages gets a line that says for whom it waits, and one when it takes over
   * @param onLost called once, by another thread, when the lease is lost; must not block
   * @throws ResourceError if another driver is at the run, with its process
   */
  public static RunLease take(
      RunFolder folder, String application, PrintStream messages, Runnable onLost)
      throws IOException {
    LeaseFiles files = new LeaseFiles(folder.hadoop(), folder.root());
    Lease lease = new LeaseClaim(folder, files, messages).claim(application);
    RunLease taken = new RunLease(folder, files, lease, onLost);
    taken.heart.start();
    return taken;
  }

  /** The folder, to be written through while the lease lasts. */
  public RunFolder folder() {
    return folder;
  }

  /** Why the lease is lost; empty while it is not. */
  public synchronized Optional<RuntimeException> lost() {
    return lost;
  }

  /** Lets the run go, so that the next driver need not wait. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      isClosed = true;
      notifyAll();
    }
    try {
      join();
      if (lost().isEmpty() && isOurs()) {
        files.release(lease);
      }
    } finally {
      OwnersHere.remove(
          lease.owner()); // its file may say that it is held: this process may live on
    }
  }

  private void join() throws IOException {
    try {
      heart.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot let the run go: interrupted", e);
    }
  }

  private void live() {
    int failures = 0;
    while (isWanted()) {
      try {
        renew();
        failures = 0;
      } catch (Exception | Error e) { // a heart that ends unseen lets a second driver in
        failures++;
        giveUpIfLate(e, failures);
      }
    }
  }

  /** Waits for the next beat. */
  private synchronized boolean isWanted() {
    long until = System.nanoTime() + lease.beat().toNanos();
    try {
      while (!isClosed && System.nanoTime() < until) {
        TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !isClosed && lost.isEmpty();
  }

  private void renew() throws IOException {
    if (!isOurs()) {
      boolean isRemoved = files.lastEpoch() == 0;
      lose(isRemoved ? Fence.removed(folder.root()) : Fence.lost(folder.root()));
      return;
    }
    Lease next = lease.beaten(Instant.now());
    files.write(next);
    synchronized (this) {
      lease = next;
      renewed = System.nanoTime();
    }
  }

  /**
   * Where a store let two create the same epoch, both find the one who wrote last: the other one
   * writes no more, and so exactly one of them is left.
   */
  private boolean isOurs() throws IOException {
    return files.lastEpoch() == lease.epoch()
        && files
            .read(lease.epoch())
            .map(there -> there.owner().equals(lease.owner()))
            .orElse(true); // half written, which only its owner does
  }

  /**
   * Others may take over soon: what cannot be renewed must be given up before. Not for one failure:
   * behind a pause of the whole process the first one comes late.
   */
  private void giveUpIfLate(Throwable e, int failures) {
    long unheard = System.nanoTime() - renewed;
    boolean isLate = unheard > lease.stale().toNanos() - 2 * lease.beat().toNanos();
    if (isLate && failures >= ENOUGH_FAILURES) {
      lose(
          new ResourceError(
              "Cannot go on with run %s: its lease could not be renewed for %d s: %s"
                  .formatted(folder.root(), TimeUnit.NANOSECONDS.toSeconds(unheard), e),
              "See that the folder can be written to, then run the same command again",
              e));
    }
  }

  /** What is lost is known before anybody is told: a failure to tell leaves it so. */
  private void lose(RuntimeException reason) {
    synchronized (this) {
      lost = Optional.of(reason);
    }
    try {
      onLost.run();
    } catch (RuntimeException | Error e) {
      reason.addSuppressed(e); // such as a Spark context that was stopped already
    }
  }
}
