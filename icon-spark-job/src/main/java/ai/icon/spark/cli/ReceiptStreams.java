package ai.icon.spark.cli;

import ai.icon.spark.submit.Receipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;

/** Runs a command line and, where a receipt is asked for, leaves one. */
final class ReceiptStreams {
  private ReceiptStreams() {}

  /** Runs one command line; the exit code. */
  static int run(String[] arguments, PrintStream out, PrintStream err) {
    String file = System.getProperty(Receipt.PROPERTY, "");
    if (file.isEmpty()) {
      return new IconJob(new SparkCommands(), utf8(out), err).execute(arguments);
    }
    ByteArrayOutputStream outCopy = new ByteArrayOutputStream();
    ByteArrayOutputStream errCopy = new ByteArrayOutputStream();
    int code =
        new IconJob(new SparkCommands(), utf8(new Both(out, outCopy)), utf8(new Both(err, errCopy)))
            .execute(arguments);
    Receipt receipt =
        new Receipt(
            code,
            outCopy.toString(StandardCharsets.UTF_8),
            errCopy.toString(StandardCharsets.UTF_8));
    try {
      receipt.write(file, new Configuration());
    } catch (IOException e) {
      err.println("icon: Cannot write the receipt " + file + ": " + e.getMessage());
      return code == ExitCode.DONE.number() ? ExitCode.RESOURCE_ERROR.number() : code;
    }
    return code;
  }

  private static PrintStream utf8(OutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  /** One stream and a copy of it. */
  private static final class Both extends OutputStream {
    private final OutputStream stream;
    private final OutputStream copy;

    Both(OutputStream stream, OutputStream copy) {
      this.stream = stream;
      this.copy = copy;
    }

    @Override
    public void write(int one) throws IOException {
      stream.write(one);
      copy.write(one);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      stream.write(bytes, from, count);
      copy.write(bytes, from, count);
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }
  }
}
