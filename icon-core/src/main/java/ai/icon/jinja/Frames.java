package ai.icon.jinja;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The names of every frame of a template. Immutable once made. */
final class Frames {
  private final IdentityHashMap<Body, Map<String, Symbols.Load>> loads = new IdentityHashMap<>();

  private Frames() {}

  static Frames of(Body root) {
    Frames frames = new Frames();
    frames.add(root, Optional.empty(), symbols -> {});
    return frames;
  }

  /** Takes up a frame: its own names first, then, with them known, those of the frames within. */
  void add(Body body, Symbols around, Consumer<Symbols> parameters) {
    add(body, Optional.of(around), parameters);
  }

  private void add(Body body, Optional<Symbols> around, Consumer<Symbols> parameters) {
    Symbols symbols = new Symbols(around);
    parameters.accept(symbols);
    body.statements().forEach(statement -> statement.declare(symbols));
    loads.put(body, symbols.loads());
    within(body.statements(), symbols);
  }

  /** Takes up the frames within statements that have none of their own. */
  void within(List<Statement> statements, Symbols symbols) {
    statements.forEach(statement -> statement.frames(symbols, this));
  }

  Map<String, Symbols.Load> loads(Body body) {
    return loads.get(body);
  }
}
