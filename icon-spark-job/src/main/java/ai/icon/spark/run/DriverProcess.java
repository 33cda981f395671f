package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process drives a run, told so that another process can see whether it is still there.
 *
 * @param host its name, for people
 * @param machine what a process number is unique in: boot and name space of processes; empty where
 *     the system does not say
 * @param pid process number
 * @param start when it started, in the system's own terms; numbers are used again
 */
public record DriverProcess(String host, String machine, long pid, String start) {
  private static final Path PROC = Path.of("/proc");

  /** After the closing bracket of the name: state, then 18 more fields before the start. */
  private static final int START = 19;

  /** Checks that nothing is missing. */
  public DriverProcess {
    requireNonNull(host, "host");
    requireNonNull(machine, "machine");
    requireNonNull(start, "start");
  }

  /** What can be known of a process. */
  enum Life {
    ALIVE,
    GONE,
    /** It is on another machine. */
    UNKNOWN
  }

  /** This very process. */
  static DriverProcess here() {
    long pid = ProcessHandle.current().pid();
    return new DriverProcess(hostName(), machineName(), pid, startOf(pid).orElse(""));
  }

  /** Whether it is this very process; false where the system does not say. */
  boolean isHere() {
    DriverProcess here = here();
    return !machine.isEmpty()
        && machine.equals(here.machine)
        && pid == here.pid
        && start.equals(here.start);
  }

  /** Whether it still runs, as far as this machine can say; asks no clock. */
  Life life() {
    if (machine.isEmpty() || !machine.equals(machineName())) {
      return Life.UNKNOWN;
    }
    return startOf(pid).filter(start::equals).isPresent() ? Life.ALIVE : Life.GONE;
  }

  /** For messages: process 12 on host a. */
  String text() {
    return "process " + pid + " on " + host;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // a host without a name of its own; it decides nothing
    }
  }

  /** Two containers may share a host's name and even its boot, but not the space of processes. */
  private static String machineName() {
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      return boot + " " + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return ""; // no Linux: the heartbeat alone decides
    }
  }

  /** Start of a living process; a killed one that nobody has waited for is not living. */
  private static Optional<String> startOf(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean isDead = fields[0].equals("Z") || fields[0].equals("X");
      return isDead ? Optional.empty() : Optional.of(fields[START]);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().startInstant())
          .map(Object::toString);
    }
  }
}
