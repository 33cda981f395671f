package ai.icon.djl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A TorchScript program to which all tokens are alike: each costs the logarithm of their number.
 */
public final class UniformProgram {
  private static final String SOURCE =
      """
      class Decoder(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Decoder, ids: Tensor, mask: Tensor) -> Tensor:
          zeros = torch.to(torch.mul(torch.mul(ids, mask), 0), 6)
          tokens = torch.arange(VOCABULARY, dtype=6, device=ops.prim.device(ids))
          return torch.mul(torch.unsqueeze(zeros, 2), tokens)
      """;

  private UniformProgram() {}

  /** Writes its archive. */
  public static Path write(Path file, int vocabulary) throws IOException {
    String source = SOURCE.replace("VOCABULARY", Integer.toString(vocabulary));
    return Files.write(file, TorchScriptArchive.of(source));
  }
}
