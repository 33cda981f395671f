package ai.icon.spark.run;

import ai.icon.error.UserError;
import ai.icon.spark.rows.Fence;
import ai.icon.spark.rows.Table;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The folder of one run: what lies where, and which stages are done. Immutable; the files below it
 * are the state. One driver at a time.
 */
public final class RunFolder {
  static final String OWN = "_icon";

  private final Path root;
  private final Configuration hadoop;
  private final HadoopSettings settings;
  private final StageLedger ledger;
  private final ShardPlans plans;

  private RunFolder(Path root, Configuration hadoop) {
    this.root = root;
    this.settings = new HadoopSettings(hadoop);
    this.hadoop = settings.configuration();
    this.ledger = new StageLedger(root, this.hadoop);
    this.plans = new ShardPlans(root, this.hadoop);
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
    try {
      folder.probe();
    } catch (IOException e) {
      throw new UserError(
          "Cannot write to run folder " + folder.root + ": " + RunPlace.reason(e),
          RunPlace.OTHER_OUT + ", or mend it",
          e);
    }
    return folder;
  }

  /**
   * The run folder at that place as {@link #create} gives it, but nothing is made or tried out.
   *
   * @throws UserError as {@link #create}, but for what only writing shows
   */
  public static RunFolder planned(String location, Configuration hadoop) {
    RunFolder folder = new RunFolder(RunPlace.qualified(location, hadoop), hadoop);
    new RunPlace(folder.root, folder.hadoop).check();
    return folder;
  }

  /**
   * The run folder at that place, which must be there.
   *
   * @throws UserError if there is none
   */
  public static RunFolder open(String location, Configuration hadoop) {
    Path root = RunPlace.qualified(location, hadoop);
    RunFolder folder = new RunFolder(root, hadoop);
    try {
      if (!root.getFileSystem(folder.hadoop).exists(new Path(root, OWN))) {
        throw new UserError(
            "Cannot open run folder " + root + ": no run was ever begun there",
            "Name the folder that was given to --out when the run was begun");
      }
    } catch (IOException e) {
      throw RunPlace.failure("Cannot open run folder " + root, root, e);
    }
    return folder;
  }

  /**
   * The same folder for a driver that has its lease: once another has taken it over, nothing that
   * is written through this one, its settings or its commits is put in place any more.
   */
  RunFolder heldAt(long epoch) {
    return new RunFolder(
        root, Fence.settings(hadoop, new LeaseFiles(hadoop, root).folder(), epoch));
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

  /** Says how one attempt at the run ended, for those who gave it an id. */
  public void attempt(String id, RunStatus status) throws IOException {
    JsonFile.write(hadoop, AttemptFile.of(root, id), status);
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

  /** Clears the folder of what killed drivers left half written; for the driver that has it. */
  public void sweep() throws IOException {
    ledger.sweep();
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
    return ledger.inputs(stage);
  }

  /** Whether a stage was begun and not finished. */
  public boolean isBegun(StageName stage) throws IOException {
    return ledger.record(stage).isEmpty() && ledger.started(stage).isPresent();
  }

  /** Removes records and outputs of a stage and of all that come after it. */
  public void redo(StageName stage) throws IOException {
    ledger.redo(stage);
  }

  /** Whether scoring was done or begun under other weights of the groups, all else being equal. */
  public boolean isWeighedOtherwise(StageInputs inputs) throws IOException {
    return ledger.isWeighedOtherwise(inputs);
  }

  /**
   * Begins to weigh the pairs anew: keeps them and removes what comes after them. Until {@link
   * #reweighed} scoring is decided to be {@link StageDecision#REWEIGH}.
   */
  public void reweigh(StageInputs inputs) throws IOException {
    ledger.reweigh(inputs);
  }

  /** Whether contributions of finished shards may be of other weights than the stage's. */
  public boolean isToReweigh() throws IOException {
    return ledger.isToReweigh(StageName.SCORE);
  }

  /** Says that those of all finished shards are of the stage's weights. */
  public void reweighed() throws IOException {
    ledger.reweighed();
  }

  /**
   * The stored plan of a set, or a new one that is now stored.
   *
   * @throws UserError if a stored plan was cut from other items or for another cost
   */
  public ShardPlan plan(ShardSet set, List<ShardPlan.WorkItem> work, long shardTokens)
      throws IOException {
    return plans.plan(set, work, shardTokens);
  }

  /** The stored plan of a set, if there is one. */
  public Optional<ShardPlan> plan(ShardSet set) throws IOException {
    return plans.stored(set);
  }

  /** The finished shards of a set; travels to executors. */
  public ShardCommit commits(ShardSet set) {
    return new ShardCommit(settings, root.toString(), set);
  }

  private Path own(String name) {
    return new Path(root, OWN + "/" + name);
  }

  /** Finds out now, and not after hours, whether the folder can be written to. */
  private void probe() throws IOException {
    Path probe = own("_probe");
    JsonFile.write(hadoop, probe, "probe");
    probe.getFileSystem(hadoop).delete(probe, false);
  }
}
