package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/**
 * Who may write to a run folder: {@code _icon/lease/EPOCH.json}. Every driver takes a higher epoch
 * than the one before; the highest is the one that counts, and only its owner writes its file.
 *
 * @param epoch from 1
 * @param owner an id of its own for every driver that ever asked
 * @param driver its process
 * @param application Spark's id for it; empty if there is none
 * @param beats how often it was renewed; that it moves is the sign of life, not any clock
 * @param updated when the owner last wrote it, by the owner's clock, ISO-8601 in UTC, for people
 * @param beatMillis how often the owner promises to renew it, milliseconds
 * @param staleMillis after how long without a renewal others may take over, milliseconds
 * @param isReleased whether the owner is done
 */
public record Lease(
    long epoch,
    String owner,
    DriverProcess driver,
    String application,
    long beats,
    String updated,
    long beatMillis,
    long staleMillis,
    boolean isReleased) {
  /** Checks that the numbers make sense. */
  public Lease {
    requireNonNull(owner, "owner");
    requireNonNull(driver, "driver");
    requireNonNull(application, "application");
    requireNonNull(updated, "updated");
    if (epoch < 1 || beats < 0 || beatMillis < 1 || staleMillis <= beatMillis) {
      throw new IllegalArgumentException(
          "Invalid lease: epoch %d, %d beats, one in %d ms, stale after %d ms"
              .formatted(epoch, beats, beatMillis, staleMillis));
    }
  }

  Lease beaten(Instant now) {
    return with(beats + 1, now, false);
  }

  Lease released(Instant now) {
    return with(beats, now, true);
  }

  Duration beat() {
    return Duration.ofMillis(beatMillis);
  }

  Duration stale() {
    return Duration.ofMillis(staleMillis);
  }

  /** Whether the same driver was seen earlier and has renewed since. */
  boolean hasMovedSince(Lease earlier) {
    return !owner.equals(earlier.owner) || beats != earlier.beats;
  }

  /** Whether its driver still runs, as far as this process can say. */
  DriverProcess.Life life() {
    boolean isOver = driver.isHere() && !OwnersHere.contains(owner);
    return isOver ? DriverProcess.Life.GONE : driver.life();
  }

  /** For messages: process 12 on host a (application b). */
  String holder() {
    return driver.text() + (application.isEmpty() ? "" : " (application " + application + ")");
  }

  private Lease with(long newBeats, Instant now, boolean released) {
    return new Lease(
        epoch,
        owner,
        driver,
        application,
        newBeats,
        now.toString(),
        beatMillis,
        staleMillis,
        released);
  }
}
