package ai.icon.spark.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Looks at a run from outside, needs no lease and writes nothing. For one thread. */
public final class RunWatch {
  private static final long POLL_MILLIS = 1000;

  private final Path root;
  private final Configuration hadoop;
  private final String attempt;
  private final LeaseFiles leases;

  /**
   * @param location the run folder, which need not exist
   * @param attempt an id that was given to one attempt, to be told of that one; empty: of the run
   */
  public RunWatch(String location, Configuration hadoop, String attempt) {
    this.root = RunPlace.qualified(location, hadoop);
    this.hadoop = hadoop;
    this.attempt = attempt;
    this.leases = new LeaseFiles(hadoop, root);
  }

  /**
   * How the run stands now. Takes up to one heartbeat and a half where only that can tell whether a
   * driver on another machine lives.
   */
  public RunView look() throws IOException {
    Optional<RunView> ended = endedAttempt();
    if (ended.isPresent()) {
      return ended.get();
    }
    Optional<Lease> lease = leases.last();
    boolean isHeld = lease.isPresent() && isHeld(lease.get());
    // The driver writes its last status before it lets go: read in the other order.
    return view(lease, isHeld);
  }

  /**
   * Waits until the run has ended: succeeded, failed, or its driver is dead. A run that nobody has
   * begun is waited for.
   *
   * @param limit how long at the most; zero: without end
   * @return how it stood then
   */
  public RunView await(Duration limit) throws IOException {
    long begun = System.nanoTime();
    Optional<Lease> seen = Optional.empty();
    long moved = begun;
    while (true) {
      Optional<Lease> lease = leases.last();
      if (lease.isPresent() && (seen.isEmpty() || lease.get().hasMovedSince(seen.get()))) {
        seen = lease;
        moved = System.nanoTime();
      }
      Optional<RunView> ended = endedAttempt();
      RunView view =
          ended.isPresent()
              ? ended.get()
              : view(lease, lease.isPresent() && lives(lease.get(), moved));
      boolean isLate = !limit.isZero() && System.nanoTime() - begun > limit.toNanos();
      if (view.isEnded() || isLate) {
        return view;
      }
      pause(POLL_MILLIS);
    }
  }

  private RunView view(Optional<Lease> lease, boolean isHeld) throws IOException {
    Optional<RunStatus> status =
        JsonFile.readIfWhole(hadoop, new Path(root, "_icon/status.json"), RunStatus.class);
    boolean isOther = status.isEmpty() || !status.get().attempt().equals(attempt);
    if (!attempt.isEmpty() && isOther) {
      return RunView.unknown(root.toString()); // what is known is of another attempt
    }
    return RunView.of(root.toString(), status, lease, isHeld);
  }

  private Optional<RunView> endedAttempt() throws IOException {
    if (attempt.isEmpty()) {
      return Optional.empty();
    }
    return JsonFile.readIfWhole(hadoop, AttemptFile.of(root, attempt), RunStatus.class)
        .map(status -> RunView.of(root.toString(), Optional.of(status), Optional.empty(), false));
  }

  private static boolean lives(Lease lease, long moved) {
    if (lease.isReleased()) {
      return false;
    }
    return switch (lease.life()) {
      case ALIVE -> true;
      case GONE -> false;
      case UNKNOWN -> System.nanoTime() - moved < lease.stale().toNanos();
    };
  }

  private boolean isHeld(Lease lease) throws IOException {
    if (lease.isReleased()) {
      return false;
    }
    return switch (lease.life()) {
      case ALIVE -> true;
      case GONE -> false;
      case UNKNOWN -> isYoung(lease) || moves(lease);
    };
  }

  /** By this machine's clock, which may be wrong: what looks old is watched before it is judged. */
  private boolean isYoung(Lease lease) throws IOException {
    try {
      long age = System.currentTimeMillis() - leases.modified(lease.epoch());
      return age >= 0 && age < lease.staleMillis();
    } catch (FileNotFoundException e) {
      return false; // released or replaced in this moment: watched as well
    }
  }

  private boolean moves(Lease lease) throws IOException {
    long until = System.nanoTime() + lease.beat().toNanos() * 3 / 2;
    while (System.nanoTime() < until) {
      pause(Math.min(POLL_MILLIS, lease.beatMillis() / 2 + 1));
      Optional<Lease> now = leases.last();
      if (now.isPresent() && now.get().hasMovedSince(lease)) {
        return !now.get().isReleased();
      }
    }
    return false;
  }

  private static void pause(long millis) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot wait for the run: interrupted", e);
    }
  }
}
