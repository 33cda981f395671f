package ai.icon.provenance;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** A short name for everything that decides a result: equal inputs, equal fingerprints. */
public final class Fingerprint {
  private Fingerprint() {}

  /**
   * The fingerprint of named values, whatever the order in which the map gives them.
   *
   * @return 64 lower-case hexadecimal digits: the SHA-256 of keys and values, sorted by key, each
   *     preceded by its length in UTF-8 bytes
   */
  public static String of(Map<String, String> values) {
    MessageDigest digest = sha256();
    new TreeMap<>(values)
        .forEach(
            (key, value) -> {
              add(digest, key);
              add(digest, value);
            });
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    // The length keeps ("ab", "c") apart from ("a", "bc").
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
