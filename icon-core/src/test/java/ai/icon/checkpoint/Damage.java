package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointFixture.single;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** How a folder is damaged, and what must be said about it. */
record Damage(String name, Harm harm, List<String> words) {
  Damage(String name, Harm harm, String... words) {
    this(name, harm, List.of(words));
  }

  /** Does the damage. */
  @FunctionalInterface
  interface Harm {
    void to(Path folder) throws IOException;
  }

  /** Damages a small whole checkpoint and opens it. */
  void assertRefused(Path folder) throws IOException {
    single(folder);
    assertRefused(folder, Checkpoint::open);
  }

  /** Damages what lies there and goes in by a door. */
  void assertRefused(Path folder, Consumer<Path> door) throws IOException {
    harm.to(folder);

    assertThatThrownBy(() -> door.accept(folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContainingAll(words.toArray(String[]::new))
        // One line of what, one line of cure.
        .hasMessageMatching("(?s)Cannot [^\n]+\n  [A-Z][^\n]+");
  }

  @Override
  public String toString() {
    return name;
  }
}
