package ai.icon.spark.run;

import ai.icon.error.UserError;
import ai.icon.spark.rows.Table;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of one run: what lies where, and which stages are done. Immutable; the files below it
 * are the state. One driver at a time.
 */
public final class RunFolder {
  private static final String OWN = "_icon";
  private static final String OTHER_OUT = "Choose another folder with --out";

  private final Path root;
  private final Configuration hadoop;
  private final HadoopSettings settings;
  private final StageLedger ledger;

  private RunFolder(Path root, Configuration hadoop) {
    this.root = root;
    this.settings = new HadoopSettings(hadoop);
    this.hadoop = settings.configuration();
    this.ledger = new StageLedger(root, this.hadoop);
  }

  /**
   * The run folder at that place, made if it is not there.
   *
   * @param location a path or URI that Hadoop understands
   * @throws UserError if it is no valid path, a file, a folder with other things in it, or cannot
   *     be written to
   */
  public static RunFolder create(String location, Configuration hadoop) {
    RunFolder folder = planned(location, hadoop);
    Path root = folder.root;
    try {
      folder.probe();
    } catch (IOException e) {
      throw new UserError(
          "Cannot write to run folder " + root + ": " + reason(e), OTHER_OUT + ", or mend it", e);
    }
    return folder;
  }

  /**
   * The run folder at that place as {@link #create} gives it, but nothing is made or tried out.
   *
   * @throws UserError as {@link #create}, but for what only writing shows
   */
  public static RunFolder planned(String location, Configuration hadoop) {
    Path root = qualified(location, hadoop);
    RunFolder folder = new RunFolder(root, hadoop);
    try {
      folder.refuseOthers();
      folder.refuseFileAbove();
    } catch (IOException e) {
      throw new UserError("Cannot use run folder " + root + ": " + reason(e), OTHER_OUT, e);
    }
    return folder;
  }

  /**
   * The run folder at that place, which must be there.
   *
   * @throws UserError if there is none
   */
  public static RunFolder open(String location, Configuration hadoop) {
    Path root = qualified(location, hadoop);
    RunFolder folder = new RunFolder(root, hadoop);
    try {
      if (!root.getFileSystem(folder.hadoop).exists(new Path(root, OWN))) {
        throw new UserError(
            "Cannot open run folder " + root + ": no run was ever begun there",
            "Name the folder that was given to --out when the run was begun");
      }
    } catch (IOException e) {
      throw new UserError("Cannot open run folder " + root + ": " + reason(e), OTHER_OUT, e);
    }
    return folder;
  }

  /** Where it lies, with its scheme. */
  public Path root() {
    return root;
  }

  /** The settings that its files are read and written with. */
  public Configuration hadoop() {
    return hadoop;
  }

  /** Where a table lies. */
  public Path table(Table table) {
    return new Path(root, table.folder());
  }

  /** Where the selector and its report lie. */
  public Path selector() {
    return new Path(root, "selector");
  }

  /** Where the files lie that a trainer loads as they are. */
  public Path export() {
    return new Path(root, "export");
  }

  /** The manifest. */
  public ManifestFile manifest() {
    return new ManifestFile(hadoop, root);
  }

  /** What the run is; empty before the first write. */
  public Optional<RunRecord> run() throws IOException {
    return JsonFile.read(hadoop, own("run.json"), RunRecord.class);
  }

  /** Says what the run is. */
  public void run(RunRecord record) throws IOException {
    JsonFile.write(hadoop, own("run.json"), record);
  }

  /** The settings as they were given, in the form that a settings file has; empty before. */
  public Optional<String> settings() throws IOException {
    return JsonFile.read(hadoop, own("settings.json"), String.class);
  }

  /** Keeps the settings, for stages that are run later. */
  public void settings(String rendered) throws IOException {
    JsonFile.write(hadoop, own("settings.json"), rendered);
  }

  /** How the run stands; empty before the first write. */
  public Optional<RunStatus> status() throws IOException {
    return JsonFile.read(hadoop, own("status.json"), RunStatus.class);
  }

  /** Says how the run stands. */
  public void status(RunStatus status) throws IOException {
    JsonFile.write(hadoop, own("status.json"), status);
  }

  /**
   * What is to be done about a stage; changes nothing. A stage that was begun with other inputs and
   * has committed no shard is new: nothing that it left would be gone on with.
   *
   * @throws UserError if it was made with other inputs, or begun with others and some of its shards
   *     are done, with every difference
   */
  public StageDecision decide(StageName stage, StageInputs inputs) throws IOException {
    return ledger.decide(stage, inputs);
  }

  /**
   * Begins a stage that {@link #decide} does not call complete. Notes its inputs, so that a killed
   * run is not gone on with under others. A new stage finds its outputs empty; a resumed one keeps
   * its whole files and loses the half ones.
   *
   * @throws UserError as {@link #decide}
   */
  public void begin(StageName stage, StageInputs inputs) throws IOException {
    ledger.begin(stage, inputs);
  }

  /** Says that a stage's output is whole. */
  public void complete(StageRecord record) throws IOException {
    ledger.complete(record);
  }

  /** What a finished stage said; empty while it is not finished. */
  public Optional<StageRecord> record(StageName stage) throws IOException {
    return ledger.record(stage);
  }

  /** What a stage was made of, or was begun with; empty if it was not begun. */
  public Optional<StageInputs> inputs(StageName stage) throws IOException {
    Optional<StageRecord> record = ledger.record(stage);
    return record.isPresent()
        ? record.map(made -> new StageInputs(made.inputs()))
        : ledger.started(stage);
  }

  /** Whether a stage was begun and not finished. */
  public boolean isBegun(StageName stage) throws IOException {
    return ledger.record(stage).isEmpty() && ledger.started(stage).isPresent();
  }

  /** Removes records and outputs of a stage and of all that come after it. */
  public void redo(StageName stage) throws IOException {
    ledger.redo(stage);
  }

  /**
   * The stored plan of a set, or a new one that is now stored.
   *
   * @throws UserError if a stored plan was cut from other items or for another cost
   */
  public ShardPlan plan(ShardSet set, List<ShardPlan.WorkItem> work, long shardTokens)
      throws IOException {
    Optional<ShardPlan> stored = plan(set);
    if (stored.isEmpty()) {
      ShardPlan cut = ShardPlan.cut(work, shardTokens);
      JsonFile.write(hadoop, ShardPlan.file(root, set), cut);
      return cut;
    }
    if (!stored.get().isOf(work, shardTokens)) {
      throw new UserError(
          ("Cannot go on with stage %s in %s: its plan holds %d items in shards of %d tokens,"
                  + " now %d items in shards of %d tokens, or other ones")
              .formatted(
                  set.stage().text(),
                  root,
                  stored.get().items(),
                  stored.get().shardTokens(),
                  work.size(),
                  shardTokens),
          "Start it over with --redo "
              + set.stage().text()
              + ", or choose another folder with --out");
    }
    return stored.get();
  }

  /** The stored plan of a set, if there is one. */
  public Optional<ShardPlan> plan(ShardSet set) throws IOException {
    return JsonFile.read(hadoop, ShardPlan.file(root, set), ShardPlan.class);
  }

  /** The finished shards of a set; travels to executors. */
  public ShardCommit commits(ShardSet set) {
    return new ShardCommit(settings, root.toString(), set);
  }

  private Path own(String name) {
    return new Path(root, OWN + "/" + name);
  }

  private void refuseOthers() throws IOException {
    FileSystem files = root.getFileSystem(hadoop);
    FileStatus[] children;
    try {
      if (files.getFileStatus(root).isFile()) {
        throw new UserError("Cannot use " + root + " as run folder: it is a file", OTHER_OUT);
      }
      children = files.listStatus(root);
    } catch (FileNotFoundException e) {
      return;
    }
    List<String> names =
        Arrays.stream(children).map(child -> child.getPath().getName()).sorted().toList();
    if (!names.isEmpty() && !names.contains(OWN)) {
      throw new UserError(
          "Cannot use %s as run folder: it is not empty and holds no run: %s%s"
              .formatted(
                  root,
                  names.stream().limit(3).collect(Collectors.joining(", ")),
                  names.size() > 3 ? " and " + (names.size() - 3) + " more" : ""),
          OTHER_OUT + " that is new or empty");
    }
  }

  private void refuseFileAbove() throws IOException {
    FileSystem files = root.getFileSystem(hadoop);
    Path above = root;
    while (above != null && !files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && files.getFileStatus(above).isFile()) {
      throw new UserError(
          "Cannot write to run folder " + root + ": " + above + " is a file", OTHER_OUT);
    }
  }

  /** Finds out now, and not after hours, whether the folder can be written to. */
  private void probe() throws IOException {
    Path probe = own("_probe");
    JsonFile.write(hadoop, probe, "probe");
    probe.getFileSystem(hadoop).delete(probe, false);
  }

  private static Path qualified(String location, Configuration hadoop) {
    try {
      Path path = new Path(location);
      return path.getFileSystem(hadoop).makeQualified(path);
    } catch (IllegalArgumentException | IOException e) {
      throw new UserError(
          "Invalid run folder: must be a path that Hadoop can open, got "
              + location
              + ": "
              + e.getMessage(),
          OTHER_OUT,
          e);
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
