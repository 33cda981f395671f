package ai.icon.spark.run;

import ai.icon.error.ResourceError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * How a driver comes to its lease. No clock of two machines is compared: a lease's age is the file
 * system's own, and life is a heartbeat that was seen to move.
 */
final class LeaseClaim {
  private static final int ATTEMPTS = 20;
  private static final long POLL_MILLIS = 500;

  /** On a store that does not refuse a second creation: longer than one takes. */
  private static final long SETTLE_MILLIS = 2000;

  private final RunFolder folder;
  private final LeaseFiles files;
  private final PrintStream messages;

  LeaseClaim(RunFolder folder, LeaseFiles files, PrintStream messages) {
    this.folder = folder;
    this.files = files;
    this.messages = messages;
  }

  Lease claim(String application) throws IOException {
    String owner = UUID.randomUUID().toString();
    OwnersHere.add(owner);
    try {
      return claim(application, owner);
    } catch (IOException | RuntimeException | Error e) {
      OwnersHere.remove(owner);
      throw e;
    }
  }

  private Lease claim(String application, String owner) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long last = files.lastEpoch();
      if (last > 0 && !isFree(last)) {
        continue; // it changed while it was watched
      }
      Lease wanted = lease(last + 1, owner, application);
      if (files.create(wanted) && isOurs(wanted)) {
        files.deleteBefore(wanted.epoch());
        return wanted;
      }
    }
    throw new ResourceError(
        "Cannot take run " + folder.root() + ": other drivers take it at the same time",
        "Let one of them finish, then run the same command again");
  }

  private Lease lease(long epoch, String owner, String application) {
    Configuration hadoop = folder.hadoop();
    long beat = hadoop.getTimeDuration("icon.lease.beat", 10_000, TimeUnit.MILLISECONDS);
    long stale = hadoop.getTimeDuration("icon.lease.stale", 60_000, TimeUnit.MILLISECONDS);
    return new Lease(
        epoch,
        owner,
        DriverProcess.here(),
        application,
        0,
        Instant.now().toString(),
        beat,
        stale,
        false);
  }

  /** Whether an epoch's driver is done or dead; waits where that is open. */
  private boolean isFree(long epoch) throws IOException {
    Optional<Lease> held = files.read(epoch);
    if (held.isEmpty()) {
      pause(2 * POLL_MILLIS); // being written right now, or its writer was killed over it
      return files.read(epoch).map(Lease::isReleased).orElse(true) && files.lastEpoch() == epoch;
    }
    Lease lease = held.get();
    if (lease.isReleased()) {
      return true;
    }
    return switch (lease.life()) {
      case ALIVE -> throw refused(lease);
      case GONE -> {
        messages.println("taking over from " + lease.holder() + ", which is gone");
        yield true;
      }
      case UNKNOWN -> isSilent(lease);
    };
  }

  /** Watches the heartbeat of a driver on another machine. */
  private boolean isSilent(Lease lease) throws IOException {
    long age;
    try {
      age = Math.max(0, files.now() - files.modified(lease.epoch()));
    } catch (FileNotFoundException e) {
      return false; // released or replaced in this moment
    }
    long begun = System.nanoTime();
    if (age < lease.staleMillis()) {
      messages.printf(
          "waiting for %s: it had this run %d s ago; taken over if it gives no sign of life in"
              + " %d s%n",
          lease.holder(), age / 1000, (lease.staleMillis() - age + 999) / 1000);
    }
    while (age + Duration.ofNanos(System.nanoTime() - begun).toMillis() < lease.staleMillis()) {
      pause(Math.min(POLL_MILLIS, lease.beatMillis()));
      Optional<Lease> now = files.last();
      if (now.isEmpty() || now.get().epoch() != lease.epoch() || now.get().isReleased()) {
        return false;
      }
      if (now.get().hasMovedSince(lease)) {
        throw refused(now.get());
      }
    }
    messages.println("taking over from " + lease.holder() + ", which is silent");
    return true;
  }

  /** No mistake of the user's: whoever waits gets the run. */
  private ResourceError refused(Lease lease) {
    return new ResourceError(
        "Cannot take run %s: %s is at it, last heard of %s"
            .formatted(folder.root(), lease.holder(), lease.updated()),
        "Wait for it (icon status --out "
            + folder.root()
            + " --wait), end it, or choose another folder with --out");
  }

  /** Where two can be told that they created the file, the last one's content stays. */
  private boolean isOurs(Lease lease) throws IOException {
    if (files.isExclusive()) {
      return true;
    }
    pause(SETTLE_MILLIS);
    boolean isLast = files.lastEpoch() == lease.epoch();
    return isLast
        && files.read(lease.epoch()).map(one -> one.owner().equals(lease.owner())).orElse(false);
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
