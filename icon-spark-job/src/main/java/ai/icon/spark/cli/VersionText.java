package ai.icon.spark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import picocli.CommandLine.IVersionProvider;

/** Version and commit, from the manifest of the jar that this class came in. */
final class VersionText implements IVersionProvider {
  private static final String UNPACKED = "unpacked classes";

  @Override
  public String[] getVersion() throws IOException {
    Optional<Attributes> jar = attributes();
    String version = jar.map(a -> a.getValue("Implementation-Version")).orElse(UNPACKED);
    String commit = jar.map(a -> a.getValue("Implementation-Commit")).orElse("unknown");
    return new String[] {"icon " + version + ", commit " + commit};
  }

  private static Optional<Attributes> attributes() throws IOException {
    String self = VersionText.class.getResource("VersionText.class").toString();
    int end = self.indexOf('!');
    if (end < 0) {
      return Optional.empty();
    }
    URL manifest = new URL(self.substring(0, end) + "!/META-INF/MANIFEST.MF");
    try (InputStream in = manifest.openStream()) {
      return Optional.of(new Manifest(in).getMainAttributes());
    }
  }
}
