package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What is assigned to. */
sealed interface Target {
  /** Makes the names known as set by a statement. */
  void store(Symbols symbols);

  /** Makes the names known as given to a frame. */
  void parameters(Symbols symbols);

  /** Sets the value. */
  void assign(Scope scope, Value value);

  /** A variable. */
  record Variable(String name) implements Target {
    @Override
    public void store(Symbols symbols) {
      symbols.store(name);
    }

    @Override
    public void parameters(Symbols symbols) {
      symbols.parameter(name);
    }

    @Override
    public void assign(Scope scope, Value value) {
      scope.set(name, value);
    }
  }

  /** An attribute of a namespace. */
  record Member(String namespace, String name) implements Target {
    @Override
    public void store(Symbols symbols) {
      symbols.load(new Expression.Name(namespace));
    }

    @Override
    public void parameters(Symbols symbols) {
      store(symbols);
    }

    @Override
    public void assign(Scope scope, Value value) {
      if (!(scope.get(namespace) instanceof Namespace owner)) {
        throw new Failure(
            "an attribute can be set of a namespace only, which " + namespace + " is not");
      }
      owner.set(name, value);
    }
  }

  /** Several, each of which takes one member of the value. */
  record Several(List<Target> targets) implements Target {
    @Override
    public void store(Symbols symbols) {
      targets.forEach(target -> target.store(symbols));
    }

    @Override
    public void parameters(Symbols symbols) {
      targets.forEach(target -> target.parameters(symbols));
    }

    @Override
    public void assign(Scope scope, Value value) {
      List<Value> members = new ArrayList<>();
      for (Iterator<Value> i = value.iterator();
          i.hasNext() && members.size() <= targets.size(); ) {
        members.add(i.next());
      }
      if (members.size() != targets.size()) {
        throw new Failure(
            "a value of type "
                + value.type()
                + " has not "
                + targets.size()
                + " members to unpack");
      }
      for (int i = 0; i < members.size(); i++) {
        targets.get(i).assign(scope, members.get(i));
      }
    }
  }
}
