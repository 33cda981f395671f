package ai.icon.jinja;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of one frame and what each stands for when the frame is entered, found out before
 * anything is rendered, as jinja2 does (3.1, idtracking.py). It decides what an assignment in a
 * loop, a branch or a macro hides, and from where on.
 */
final class Symbols {
  /** What a name stands for at first. */
  enum Load {
    /** Given by who enters the frame. */
    PARAMETER,
    /** The variable of the rendering. */
    RESOLVE,
    /** The same name of the frame around. */
    ALIAS,
    /** Nothing. */
    UNDEFINED
  }

  private final Optional<Symbols> around;
  private final Map<String, Load> loads;
  private final Set<String> stores;

  /** The names of a frame within another one, none yet. */
  Symbols(Optional<Symbols> around) {
    this(around, new HashMap<>(), new HashSet<>());
  }

  private Symbols(Optional<Symbols> around, Map<String, Load> loads, Set<String> stores) {
    this.around = around;
    this.loads = loads;
    this.stores = stores;
  }

  Map<String, Load> loads() {
    return Map.copyOf(loads);
  }

  private boolean knows(String name) {
    return loads.containsKey(name) || isAround(name);
  }

  private boolean isAround(String name) {
    return around.isPresent() && around.get().knows(name);
  }

  void parameter(String name) {
    stores.add(name);
    loads.put(name, Load.PARAMETER);
  }

  void load(Expression expression) {
    if (expression instanceof Expression.Name name && !knows(name.name())) {
      loads.put(name.name(), Load.RESOLVE);
    }
    expression.children().forEach(this::load);
  }

  void store(String name) {
    stores.add(name);
    if (!loads.containsKey(name)) {
      loads.put(name, isAround(name) ? Load.ALIAS : Load.UNDEFINED);
    }
  }

  /** Visits alternatives of which at most one is rendered. */
  void branches(List<List<Statement>> branches) {
    Set<String> stored = new HashSet<>();
    Map<String, Load> loaded = new HashMap<>();
    for (List<Statement> branch : branches) {
      Symbols symbols = new Symbols(around, new HashMap<>(loads), new HashSet<>(stores));
      branch.forEach(statement -> statement.declare(symbols));
      stored.addAll(symbols.stores);
      loaded.putAll(symbols.loads);
    }
    stored.removeAll(stores);
    loads.putAll(loaded);
    stores.addAll(stored);
    for (String name : stored) {
      loads.put(name, isAround(name) ? Load.ALIAS : Load.RESOLVE);
    }
  }
}
