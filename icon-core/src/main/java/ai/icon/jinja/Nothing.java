package ai.icon.jinja;

/** None. */
enum Nothing implements Value {
  NONE;

  @Override
  public String type() {
    return "NoneType";
  }

  @Override
  public String repr() {
    return "None";
  }

  @Override
  public boolean truth() {
    return false;
  }
}
