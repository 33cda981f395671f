package ai.icon.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small folders that a checkpoint can be opened from. */
final class CheckpointFixture {
  private CheckpointFixture() {}

  /** A whole folder: tensors "a" [2, 3] and "b.weight" [4], both float32. */
  static Path single(Path folder) {
    withoutWeights(folder);
    a().floats("b.weight", new float[] {7, 8, 9, 10}, 4).write(folder.resolve("model.safetensors"));
    return folder;
  }

  /** The same tensors, one in each of two shards. */
  static Path sharded(Path folder) {
    withoutWeights(folder);
    a().write(folder.resolve("model-1.safetensors"));
    new SafetensorsWriter()
        .floats("b.weight", new float[] {7, 8, 9, 10}, 4)
        .write(folder.resolve("model-2.safetensors"));
    index(folder, "{\"a\": \"model-1.safetensors\", \"b.weight\": \"model-2.safetensors\"}");
    return folder;
  }

  static Path withoutWeights(Path folder) {
    text(folder, "config.json", "{\"model_type\": \"llama\"}");
    text(folder, "tokenizer.json", "{\"version\": \"1.0\"}");
    return folder;
  }

  static void index(Path folder, String weightMap) {
    text(folder, "model.safetensors.index.json", "{\"weight_map\": " + weightMap + "}");
  }

  static void text(Path folder, String name, String content) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static SafetensorsWriter a() {
    return new SafetensorsWriter().metadata().floats("a", new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
  }
}
