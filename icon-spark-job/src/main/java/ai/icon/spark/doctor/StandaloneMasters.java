package ai.icon.spark.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/** Whether anything listens where a master should be; Spark itself tries for a minute. */
final class StandaloneMasters {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private StandaloneMasters() {}

  /** Those addresses of a master that take no connection. */
  static List<String> silent(SparkMaster master) {
    return master.addresses().stream().filter(address -> !answers(address)).toList();
  }

  private static boolean answers(String address) {
    int colon = address.lastIndexOf(':');
    int port = Integer.parseInt(address.substring(colon + 1));
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.substring(0, colon), port), (int) PATIENCE.toMillis());
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false; // refused, unknown, too slow, or no port number: nobody to talk to
    }
  }
}
