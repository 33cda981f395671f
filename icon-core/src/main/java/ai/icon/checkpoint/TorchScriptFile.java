package ai.icon.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A TorchScript archive: a program with its weights, as torch.jit.save writes it. It is told from a
 * pickled state dict by the list of its entries alone; nothing in it is unpickled or unpacked here.
 * What is in it runs: like any program, it is to be had from where one trusts.
 *
 * @param path the file
 */
public record TorchScriptFile(Path path) {
  private static final String CONSTANTS = "constants.pkl";

  /** Checks that it is given; {@link #open} checks the file. */
  public TorchScriptFile {
    requireNonNull(path, "path");
  }

  /**
   * Checks a file.
   *
   * @throws UserError if it cannot be read, is no archive, is damaged, or holds no program
   */
  public static TorchScriptFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new UserError(
          "Cannot open TorchScript archive %s: no such file".formatted(path), "Check the path.");
    }
    try (ZipFile zip = new ZipFile(path.toFile())) {
      List<String> names = zip.stream().map(ZipEntry::getName).toList();
      Optional<String> root =
          names.stream()
              .filter(name -> name.endsWith("/" + CONSTANTS))
              .map(name -> name.substring(0, name.length() - CONSTANTS.length()))
              .findFirst();
      boolean isProgram =
          root.isPresent()
              && names.contains(root.get() + "data.pkl")
              && names.stream()
                  .anyMatch(name -> name.startsWith(root.get() + "code/") && name.endsWith(".py"))
              && names.stream().allMatch(name -> name.startsWith(root.get()));
      if (!isProgram) {
        throw noProgram(path, "it is an archive without a program, as torch.save writes it");
      }
      return new TorchScriptFile(path);
    } catch (ZipException e) {
      throw noProgram(path, "it is no whole zip archive (" + e.getMessage() + ")");
    } catch (IOException e) {
      throw Unreadable.file(path, e);
    }
  }

  private static UserError noProgram(Path path, String why) {
    return new UserError(
        "Cannot open TorchScript archive %s: %s; no pickle is ever loaded".formatted(path, why),
        "Give the file that torch.jit.save wrote, whole, or the model's Hugging Face folder with"
            + " safetensors.");
  }
}
