package ai.icon.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs the text of a TorchScript module without tensors into the archive that libtorch loads: four
 * stored entries. The pickle is written byte by byte here and names one class; none is ever read.
 */
final class TorchScriptArchive {
  /** Pickle protocol 2: an instance of __torch__.Decoder with the state {"training": False}. */
  private static final byte[] MODULE =
      concat(
          new byte[] {(byte) 0x80, 2},
          text("c__torch__\nDecoder\n"),
          new byte[] {')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0},
          text("training"),
          new byte[] {(byte) 0x89, 'u', 'b', '.'});

  /** Pickle protocol 2: an empty tuple. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /** The archive's bytes; equal source, equal bytes. */
  static byte[] of(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "decoder/data.pkl", MODULE);
      put(zip, "decoder/code/__torch__.py", text(source));
      put(zip, "decoder/constants.pkl", NO_CONSTANTS);
      put(zip, "decoder/version", text("10\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot pack a module in memory", e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
