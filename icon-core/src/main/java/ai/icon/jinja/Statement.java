package ai.icon.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What prints, sets or repeats. */
sealed interface Statement {
  /** How a statement ends. */
  enum Flow {
    /** The next one follows. */
    ON,
    /** The loop around ends. */
    BREAK,
    /** The loop around goes on with its next member. */
    CONTINUE
  }

  /** Line of the template, from 1. */
  int line();

  /** Makes known the names that the statement reads and sets in the frame that it stands in. */
  void declare(Symbols symbols);

  /** Takes up the frames within. */
  default void frames(Symbols symbols, Frames frames) {}

  /** Renders; {@link #execute(List, Scope)} is what to call. */
  Flow execute(Scope scope);

  /** Renders statements one after another, until one breaks off. */
  static Flow execute(List<Statement> statements, Scope scope) {
    for (Statement statement : statements) {
      scope.rendering().enter();
      scope.rendering().at(statement.line());
      Flow flow = statement.execute(scope);
      scope.rendering().leave();
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  /** Plain text. */
  record Data(int line, String text) implements Statement {
    @Override
    public void declare(Symbols symbols) {}

    @Override
    public Flow execute(Scope scope) {
      scope.rendering().print(text);
      return Flow.ON;
    }
  }

  /** {@code {{ value }}}. */
  record Print(int line, Expression value) implements Statement {
    @Override
    public void declare(Symbols symbols) {
      symbols.load(value);
    }

    @Override
    public Flow execute(Scope scope) {
      scope.rendering().print(scope.evaluate(value).text());
      return Flow.ON;
    }
  }

  /** {@code {% if condition %}}; an elif is an if in {@code otherwise}. */
  record If(
      int line,
      Expression condition,
      List<Statement> then,
      List<Statement> elifs,
      List<Statement> otherwise)
      implements Statement {
    @Override
    public void declare(Symbols symbols) {
      symbols.load(condition);
      symbols.branches(List.of(then, elifs, otherwise));
    }

    @Override
    public void frames(Symbols symbols, Frames frames) {
      List.of(then, elifs, otherwise).forEach(branch -> frames.within(branch, symbols));
    }

    @Override
    public Flow execute(Scope scope) {
      if (scope.evaluate(condition).truth()) {
        return Statement.execute(then, scope);
      }
      for (Statement elif : elifs) {
        If alternative = (If) elif;
        scope.rendering().at(alternative.line);
        if (scope.evaluate(alternative.condition).truth()) {
          return Statement.execute(alternative.then, scope);
        }
      }
      return Statement.execute(otherwise, scope);
    }
  }

  /** {@code {% for target in members if condition %}}. */
  record For(
      int line,
      Target target,
      Expression members,
      Optional<Expression> condition,
      Body body,
      Body otherwise)
      implements Statement {
    @Override
    public void declare(Symbols symbols) {
      symbols.load(members);
    }

    @Override
    public void frames(Symbols symbols, Frames frames) {
      frames.add(
          body,
          symbols,
          inner -> {
            inner.parameter("loop");
            target.parameters(inner);
          });
      frames.add(otherwise, symbols, inner -> {});
    }

    @Override
    public Flow execute(Scope scope) {
      Value value = scope.evaluate(members);
      Optional<Integer> length =
          condition.isEmpty() && value.isSized() ? Optional.of(value.size()) : Optional.empty();
      Loop loop = new Loop(chosen(scope, value.iterator()), length);
      boolean ranThrough = false;
      while (loop.hasNext()) {
        scope.rendering().work(1);
        Scope inner = scope.inner(body);
        inner.set("loop", loop);
        target.assign(inner, loop.next());
        Flow flow = body.execute(inner);
        if (flow == Flow.BREAK) {
          break;
        }
        // As in jinja2, a turn that was broken off does not count for the else.
        ranThrough |= flow == Flow.ON;
      }
      return ranThrough ? Flow.ON : otherwise.execute(scope.inner(otherwise));
    }

    /** The members that the condition takes, asked when it is their turn. */
    private Iterator<Value> chosen(Scope scope, Iterator<Value> all) {
      if (condition.isEmpty()) {
        return all;
      }
      return new Lazily(
          all,
          member -> {
            scope.rendering().at(line);
            Scope inner = scope.inner();
            target.assign(inner, member);
            return inner.evaluate(condition.get()).truth();
          });
    }
  }

  /** {@code {% break %}} and {@code {% continue %}}. */
  record Jump(int line, Flow flow) implements Statement {
    @Override
    public void declare(Symbols symbols) {}

    @Override
    public Flow execute(Scope scope) {
      return flow;
    }
  }

  /** {@code {% set target = value %}}. */
  record Assign(int line, Target target, Expression value) implements Statement {
    @Override
    public void declare(Symbols symbols) {
      symbols.load(value);
      target.store(symbols);
    }

    @Override
    public Flow execute(Scope scope) {
      target.assign(scope, scope.evaluate(value));
      return Flow.ON;
    }
  }

  /** A filter, of which the value comes from elsewhere. */
  record Applied(int line, String name, Expression.Given given) {
    static Value apply(List<Applied> filters, Scope scope, Value printed) {
      Value value = printed;
      for (Applied filter : filters) {
        scope.rendering().at(filter.line);
        Arguments arguments = filter.given.evaluate(scope);
        value = Filters.apply(scope.rendering(), filter.name, value, arguments);
      }
      return value;
    }
  }

  /** {@code {% set target %}…{% endset %}}. */
  record Capture(int line, Target target, List<Applied> filters, Body body) implements Statement {
    @Override
    public void declare(Symbols symbols) {
      target.store(symbols);
    }

    @Override
    public void frames(Symbols symbols, Frames frames) {
      frames.add(body, symbols, inner -> {});
    }

    @Override
    public Flow execute(Scope scope) {
      Scope inner = scope.inner(body);
      Value printed = new Text(body.capture(inner));
      target.assign(scope, Applied.apply(filters, inner, printed));
      return Flow.ON;
    }
  }

  /** {@code {% filter name %}…{% endfilter %}}. */
  record Filtered(int line, List<Applied> filters, Body body) implements Statement {
    @Override
    public void declare(Symbols symbols) {
      filters.forEach(filter -> filter.given().expressions().forEach(symbols::load));
    }

    @Override
    public void frames(Symbols symbols, Frames frames) {
      frames.add(body, symbols, inner -> {});
    }

    @Override
    public Flow execute(Scope scope) {
      Scope inner = scope.inner(body);
      Value printed = new Text(body.capture(inner));
      scope.rendering().print(Applied.apply(filters, inner, printed).text());
      return Flow.ON;
    }
  }

  /** {@code {% with a = 1 %}…{% endwith %}}. */
  record With(int line, List<Target> targets, List<Expression> values, Body body)
      implements Statement {
    @Override
    public void declare(Symbols symbols) {
      values.forEach(symbols::load);
    }

    @Override
    public void frames(Symbols symbols, Frames frames) {
      frames.add(body, symbols, inner -> targets.forEach(target -> target.parameters(inner)));
    }

    @Override
    public Flow execute(Scope scope) {
      Scope inner = scope.inner(body);
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(inner, scope.evaluate(values.get(i)));
      }
      return body.execute(inner);
    }
  }

  /** {@code {% macro name(…) %}…{% endmacro %}}. */
  record Define(int line, MacroBody macro) implements Statement {
    @Override
    public void declare(Symbols symbols) {
      symbols.store(macro.name());
    }

    @Override
    public void frames(Symbols symbols, Frames frames) {
      macro.frames(symbols, frames);
    }

    @Override
    public Flow execute(Scope scope) {
      scope.set(macro.name(), new Macro(macro, scope));
      return Flow.ON;
    }
  }

  /** {@code {% call macro(…) %}…{% endcall %}}. */
  record CallBlock(int line, MacroBody caller, Expression.Call call) implements Statement {
    @Override
    public void declare(Symbols symbols) {
      symbols.load(call);
    }

    @Override
    public void frames(Symbols symbols, Frames frames) {
      caller.frames(symbols, frames);
    }

    @Override
    public Flow execute(Scope scope) {
      Value printed = call.call(scope, Optional.of(new Macro(caller, scope)));
      scope.rendering().print(printed.text());
      return Flow.ON;
    }
  }

  /**
   * {@code {% generation %}…{% endgeneration %}}, by which Transformers finds the assistant's
   * tokens: prints what it holds, in a frame of its own.
   */
  record Generation(int line, MacroBody body) implements Statement {
    @Override
    public void declare(Symbols symbols) {}

    @Override
    public void frames(Symbols symbols, Frames frames) {
      body.frames(symbols, frames);
    }

    @Override
    public Flow execute(Scope scope) {
      scope.rendering().print(new Macro(body, scope).call(Arguments.NONE).text());
      return Flow.ON;
    }
  }
}
