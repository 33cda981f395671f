package ai.icon.sample;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a sample by its content: equal turns give equal ids, whatever file or shape they came in.
 */
public final class SampleId {
  private static final int BYTES = 16;

  private SampleId() {}

  /**
   * The content id of a body.
   *
   * @return 32 lower-case hexadecimal digits: the first 16 bytes of the SHA-256 of its messages,
   *     each role and content preceded by its length in UTF-8 bytes
   */
  public static String of(SampleBody body) {
    MessageDigest digest = sha256();
    for (Message message : body.messages()) {
      add(digest, message.role());
      add(digest, message.content());
    }
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
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
