package ai.icon.spark.cli;

import ai.icon.error.ResourceError;
import ai.icon.spark.config.Setting;
import ai.icon.spark.submit.Receipt;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * For {@code submit/icon}: prints what a driver that ran elsewhere has printed, and ends with its
 * exit code.
 */
@Command(name = "receipt", hidden = true)
final class ReceiptCommand extends IconCommand {
  private final PrintStream err;

  @Parameters(arity = "1")
  private String file = "";

  ReceiptCommand(Commands commands, PrintStream out, PrintStream err) {
    super(commands, out);
    this.err = err;
  }

  @Override
  Set<Setting> settings() {
    return Set.of();
  }

  @Override
  public Integer call() {
    Receipt receipt = taken();
    out().print(receipt.out());
    out().flush();
    err.print(receipt.err());
    err.flush();
    return receipt.exitCode();
  }

  @Override
  void execute() {
    throw new IllegalStateException("A receipt has an exit code of its own");
  }

  private Receipt taken() {
    Optional<Receipt> receipt;
    try {
      receipt = Receipt.take(file, new Configuration());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return receipt.orElseThrow(
        () ->
            new ResourceError(
                "Cannot tell how the job ended: its driver left no word at "
                    + file
                    + ". It was killed, did not start, or writes to storage that is not seen from"
                    + " here.",
                "Read the driver's log on the cluster, then give the same command again: it goes on"
                    + " where it stopped.",
                new FileNotFoundException(file)));
  }
}
