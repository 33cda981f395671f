package ai.icon.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What has a value. */
sealed interface Expression {
  /** The expressions within, in the order in which jinja2 looks for names in them. */
  List<Expression> children();

  /** The value; {@link Scope#evaluate} is what to call. */
  Value evaluate(Scope scope);

  /** A literal. */
  record Constant(Value value) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of();
    }

    @Override
    public Value evaluate(Scope scope) {
      return value;
    }
  }

  /** A variable. */
  record Name(String name) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of();
    }

    @Override
    public Value evaluate(Scope scope) {
      return scope.get(name);
    }
  }

  /** A list or tuple of expressions. */
  record Several(boolean isTuple, List<Expression> children) implements Expression {
    @Override
    public Value evaluate(Scope scope) {
      List<Value> members = children.stream().map(scope::evaluate).toList();
      Value made = isTuple ? Items.tuple(members) : Items.list(members);
      scope.rendering().made(made);
      return made;
    }
  }

  /** A dict: keys and values in turn. */
  record Pairs(List<Expression> children) implements Expression {
    @Override
    public Value evaluate(Scope scope) {
      Map<Value, Value> entries = new LinkedHashMap<>();
      for (int i = 0; i < children.size(); i += 2) {
        Value key = scope.evaluate(children.get(i));
        key.requireHashable();
        entries.put(key, scope.evaluate(children.get(i + 1)));
      }
      Value made = new Mapping(entries);
      scope.rendering().made(made);
      return made;
    }
  }

  /** {@code owner.name}: an attribute, else an item. */
  record Attribute(Expression owner, String name) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(owner);
    }

    @Override
    public Value evaluate(Scope scope) {
      Value value = scope.evaluate(owner);
      Value key = new Text(name);
      return value
          .attribute(name)
          .or(() -> value.item(key))
          .orElseGet(() -> Undefined.member(value, key));
    }
  }

  /** {@code owner[key]}: an item, else an attribute. */
  record Item(Expression owner, Expression key) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(owner, key);
    }

    @Override
    public Value evaluate(Scope scope) {
      Value value = scope.evaluate(owner);
      if (value instanceof Text) {
        scope.rendering().work(value); // its code points are counted
      }
      return find(value, scope.evaluate(key));
    }

    static Value find(Value owner, Value key) {
      Optional<Value> item = owner.item(key);
      if (item.isEmpty() && key instanceof Text name) {
        item = owner.attribute(name.text());
      }
      return item.orElseGet(() -> Undefined.member(owner, key));
    }
  }

  /** {@code owner[start:stop:step]}. */
  record Cut(Expression owner, Expression start, Expression stop, Expression step)
      implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(owner, start, stop, step);
    }

    @Override
    public Value evaluate(Scope scope) {
      Value value = scope.evaluate(owner);
      scope.rendering().work(value);
      Slice slice = new Slice(scope.evaluate(start), scope.evaluate(stop), scope.evaluate(step));
      Value made = value.slice(slice);
      scope.rendering().made(made);
      return made;
    }
  }

  /**
   * What stands in the brackets of a call.
   *
   * @param rest what stands behind one star
   * @param namedRest what stands behind two stars
   */
  record Given(
      List<Expression> positional,
      Map<String, Expression> named,
      Optional<Expression> rest,
      Optional<Expression> namedRest) {
    static final Given NONE = new Given(List.of(), Map.of(), Optional.empty(), Optional.empty());

    List<Expression> expressions() {
      return Stream.of(
              positional.stream(), named.values().stream(), rest.stream(), namedRest.stream())
          .flatMap(expressions -> expressions)
          .toList();
    }

    Arguments evaluate(Scope scope) {
      List<Value> values = new ArrayList<>();
      positional.forEach(expression -> values.add(scope.evaluate(expression)));
      rest.ifPresent(
          expression -> scope.evaluate(expression).iterator().forEachRemaining(values::add));
      Map<String, Value> byName = new LinkedHashMap<>();
      named.forEach((name, expression) -> byName.put(name, scope.evaluate(expression)));
      namedRest.ifPresent(expression -> Globals.named(scope.evaluate(expression), byName));
      return new Arguments(values, byName);
    }
  }

  /** {@code callee(…)}. */
  record Call(int line, Expression callee, Given given) implements Expression {
    @Override
    public List<Expression> children() {
      return Stream.concat(Stream.of(callee), given.expressions().stream()).toList();
    }

    @Override
    public Value evaluate(Scope scope) {
      return call(scope, Optional.empty());
    }

    /** Calls with what a call block hands over as caller. */
    Value call(Scope scope, Optional<Value> caller) {
      Value function = scope.evaluate(callee);
      Arguments arguments = given.evaluate(scope);
      if (caller.isPresent()) {
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        named.put("caller", caller.get());
        arguments = new Arguments(arguments.positional(), named);
      }
      Rendering rendering = scope.rendering();
      rendering.at(line);
      if (function instanceof Function method) {
        rendering.work(1 + method.weight() / Rendering.CHARACTERS_PER_STEP);
        if (TextMethods.isSearch(method)) {
          rendering.search(method.weight(), arguments.heaviest());
        }
      }
      Value made = function.call(arguments);
      rendering.made(made);
      return made;
    }
  }

  /** {@code value | name(…)}. */
  record Filter(int line, Expression value, String name, Given given) implements Expression {
    @Override
    public List<Expression> children() {
      return Stream.concat(Stream.of(value), given.expressions().stream()).toList();
    }

    @Override
    public Value evaluate(Scope scope) {
      Value filtered = scope.evaluate(value);
      Arguments arguments = given.evaluate(scope);
      scope.rendering().at(line);
      return Filters.apply(scope.rendering(), name, filtered, arguments);
    }
  }

  /** {@code value is name(…)}. */
  record Test(int line, Expression value, String name, Given given) implements Expression {
    @Override
    public List<Expression> children() {
      return Stream.concat(Stream.of(value), given.expressions().stream()).toList();
    }

    @Override
    public Value evaluate(Scope scope) {
      Value tested = scope.evaluate(value);
      Arguments arguments = given.evaluate(scope);
      scope.rendering().at(line);
      return Truth.of(Tests.test(scope.rendering(), name, tested, arguments));
    }
  }

  /** {@code then if condition else otherwise}. */
  record Conditional(Expression condition, Expression then, Optional<Expression> otherwise)
      implements Expression {
    @Override
    public List<Expression> children() {
      return Stream.concat(Stream.of(condition, then), otherwise.stream()).toList();
    }

    @Override
    public Value evaluate(Scope scope) {
      if (scope.evaluate(condition).truth()) {
        return scope.evaluate(then);
      }
      return otherwise
          .map(scope::evaluate)
          .orElseGet(() -> new Undefined("the inline if has no else, and its condition is false"));
    }
  }

  /** {@code left and right}, {@code left or right}: one of the two. */
  record Either(boolean isAnd, Expression left, Expression right) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(left, right);
    }

    @Override
    public Value evaluate(Scope scope) {
      Value value = scope.evaluate(left);
      return value.truth() == isAnd ? scope.evaluate(right) : value;
    }
  }

  /** {@code not value}. */
  record Not(Expression value) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(value);
    }

    @Override
    public Value evaluate(Scope scope) {
      return Truth.of(!scope.evaluate(value).truth());
    }
  }

  /** {@code first < second == third}: true where each holds. */
  record Comparisons(Expression first, List<String> operators, List<Expression> others)
      implements Expression {
    @Override
    public List<Expression> children() {
      return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    @Override
    public Value evaluate(Scope scope) {
      Value left = scope.evaluate(first);
      boolean holds = true;
      for (int i = 0; holds && i < others.size(); i++) {
        Value right = scope.evaluate(others.get(i));
        scope.rendering().work(left);
        scope.rendering().work(right);
        scope.rendering().contains(operators.get(i), left, right);
        holds = Comparison.holds(operators.get(i), left, right);
        left = right;
      }
      return Truth.of(holds);
    }
  }

  /** {@code left + right} and the other arithmetic. */
  record Binary(int line, String operator, Expression left, Expression right)
      implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(left, right);
    }

    @Override
    public Value evaluate(Scope scope) {
      Value first = scope.evaluate(left);
      Value second = scope.evaluate(right);
      scope.rendering().at(line);
      scope.rendering().requireRoom(Arithmetic.repetition(operator, first, second));
      Value made = Arithmetic.apply(operator, first, second);
      scope.rendering().made(made);
      return made;
    }
  }

  /** {@code -value} or {@code +value}. */
  record Signed(boolean isMinus, Expression value) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(value);
    }

    @Override
    public Value evaluate(Scope scope) {
      return Arithmetic.signed(isMinus, scope.evaluate(value));
    }
  }

  /** {@code a ~ b ~ c}: the texts of the values in a row. */
  record Concatenation(List<Expression> children) implements Expression {
    @Override
    public Value evaluate(Scope scope) {
      List<String> texts = new ArrayList<>();
      children.forEach(child -> texts.add(scope.evaluate(child).text()));
      Value made = TextMethods.join("", texts);
      scope.rendering().made(made);
      return made;
    }
  }
}
