package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The variable loop, and the members that it runs over; looks one member ahead at most. */
final class Loop implements Value {
  private Iterator<Value> members;
  private Optional<Integer> length;
  private Optional<Value> ahead = Optional.empty();
  private Optional<Value> current = Optional.empty();
  private Optional<Value> before = Optional.empty();
  private List<Value> changed = List.of();
  private boolean everChanged;
  private int index = -1;

  /**
   * @param length how many there are, where that is known
   */
  Loop(Iterator<Value> members, Optional<Integer> length) {
    this.members = members;
    this.length = length;
  }

  boolean hasNext() {
    return ahead.isPresent() || members.hasNext();
  }

  Value next() {
    Value next = ahead.orElseGet(members::next);
    ahead = Optional.empty();
    index++;
    before = current;
    current = Optional.of(next);
    return next;
  }

  private Optional<Value> peek() {
    if (ahead.isEmpty() && members.hasNext()) {
      ahead = Optional.of(members.next());
    }
    return ahead;
  }

  /** Where it is not known, runs through what is left. */
  @Override
  public int size() {
    if (length.isEmpty()) {
      List<Value> left = new ArrayList<>();
      members.forEachRemaining(left::add);
      members = left.iterator();
      length = Optional.of(left.size() + index + 1 + (ahead.isPresent() ? 1 : 0));
    }
    return length.get();
  }

  @Override
  public boolean isSized() {
    return true;
  }

  @Override
  public String type() {
    return "LoopContext";
  }

  @Override
  public String repr() {
    return "<LoopContext " + (index + 1) + "/" + size() + ">";
  }

  @Override
  public boolean truth() {
    return size() > 0;
  }

  @Override
  public Optional<Value> attribute(String name) {
    return switch (name) {
      case "index" -> Optional.of(Whole.of(index + 1L));
      case "index0" -> Optional.of(Whole.of(index));
      case "revindex" -> Optional.of(Whole.of(size() - index));
      case "revindex0" -> Optional.of(Whole.of(size() - index - 1L));
      case "first" -> Optional.of(Truth.of(index == 0));
      case "last" -> Optional.of(Truth.of(peek().isEmpty()));
      case "length" -> Optional.of(Whole.of(size()));
      case "depth" -> Optional.of(Whole.of(1));
      case "depth0" -> Optional.of(Whole.of(0));
      case "previtem" ->
          Optional.of(before.orElseGet(() -> new Undefined("there is no previous item")));
      case "nextitem" ->
          Optional.of(peek().orElseGet(() -> new Undefined("there is no next item")));
      case "cycle" -> Optional.of(Function.of("loop.cycle", this::cycle));
      case "changed" -> Optional.of(Function.of("loop.changed", this::changed));
      default -> Optional.empty();
    };
  }

  private Value cycle(Arguments arguments) {
    if (arguments.positional().isEmpty() || !arguments.named().isEmpty()) {
      throw new Failure("loop.cycle needs the values to run through");
    }
    return arguments.positional().get(index % arguments.positional().size());
  }

  private Value changed(Arguments arguments) {
    boolean isNew = !everChanged || !arguments.positional().equals(changed);
    everChanged = true;
    changed = arguments.positional();
    return Truth.of(isNew);
  }

  @Override
  public Value call(Arguments arguments) {
    throw new Failure("recursive loops are not supported");
  }
}
