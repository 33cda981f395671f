package ai.icon.spark.ml;

import ai.icon.error.UserError;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;

/** A saved model beside its parameters: those parts of the fit's run folder that it ranks by. */
final class FittedFolders {
  private static final String FITTED = "fitted";
  private static final String OWN = "_icon";

  private FittedFolders() {}

  /** Writes a model. */
  static final class Writer extends MLWriter {
    private final IconSelectorModel model;

    Writer(IconSelectorModel model) {
      this.model = model;
    }

    /**
     * Saves, but not over the model's own data: overwriting begins with a deletion.
     *
     * @throws UserError if what the model ranks by lies below the folder
     */
    @Override
    public void save(String path) throws IOException {
      Configuration hadoop = sparkSession().sparkContext().hadoopConfiguration();
      Path fitted = qualified(model.getOrDefault(model.fittedFolder()), hadoop);
      Path target = qualified(path, hadoop);
      for (Path above = fitted; above != null; above = above.getParent()) {
        if (above.equals(target)) {
          throw new UserError(
              "Cannot save the model to "
                  + target
                  + ": what it ranks by lies there, in "
                  + fitted
                  + ", and would be deleted first.",
              "Save it to another folder, then move that here.");
        }
      }
      super.save(path);
    }

    private static Path qualified(String location, Configuration hadoop) throws IOException {
      Path path = new Path(location);
      return path.getFileSystem(hadoop).makeQualified(path);
    }

    /**
     * Saves into a folder that was cleared.
     *
     * @throws UserError if what the model ranks by is gone, such as with the folder of a pipeline
     *     that is saved over itself: Spark deletes that one before any stage is asked
     */
    @Override
    public void saveImpl(String path) {
      Configuration hadoop = sparkSession().sparkContext().hadoopConfiguration();
      try {
        RunFolder run = fitted(path, hadoop);
        model.paramsWriter().session(sparkSession()).save(path);
        copy(run, new Path(path, FITTED), hadoop);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot save " + path + ": " + e.getMessage(), e);
      }
    }

    private RunFolder fitted(String path, Configuration hadoop) throws IOException {
      Path fitted = qualified(model.getOrDefault(model.fittedFolder()), hadoop);
      if (!fitted.getFileSystem(hadoop).exists(new Path(fitted, OWN))) {
        throw new UserError(
            "Cannot save the model to " + path + ": what it ranks by is gone, it lay in " + fitted,
            "Fit it again, or load it from a copy. Save a pipeline to another folder than the one"
                + " that it was loaded from: Spark empties that one first.");
      }
      return RunFolder.open(fitted.toString(), hadoop);
    }

    private static void copy(RunFolder run, Path to, Configuration hadoop) throws IOException {
      FileSystem files = run.root().getFileSystem(hadoop);
      Path own = new Path(run.root(), OWN);
      for (FileStatus file : files.listStatus(own)) {
        if (file.isFile()) {
          copy(file.getPath(), new Path(to, OWN + "/" + file.getPath().getName()), hadoop);
        }
      }
      // Without the record of ingest, so that nothing takes this for a run to go on with.
      for (StageName stage : List.of(StageName.ASSESS, StageName.SCORE, StageName.TRAIN)) {
        String record = OWN + "/stages/" + stage.text() + ".json";
        copy(new Path(run.root(), record), new Path(to, record), hadoop);
      }
      for (Path part :
          List.of(
              run.table(Table.ASSESSMENT),
              run.table(Table.CONTRIBUTIONS),
              run.selector(),
              run.manifest().path())) {
        if (files.exists(part)) {
          copy(part, new Path(to, relative(run.root(), part)), hadoop);
        }
      }
    }

    private static String relative(Path root, Path part) {
      return root.toUri().relativize(part.toUri()).getPath();
    }

    private static void copy(Path from, Path to, Configuration hadoop) throws IOException {
      FileUtil.copy(
          from.getFileSystem(hadoop), from, to.getFileSystem(hadoop), to, false, true, hadoop);
    }
  }

  /** Reads a model. */
  static final class Reader extends MLReader<IconSelectorModel> {
    @Override
    public IconSelectorModel load(String path) {
      IconSelectorModel model =
          new IconSelectorModel.ParamsReader().read().session(sparkSession()).load(path);
      return model.setFittedFolder(new Path(path, FITTED).toString());
    }
  }
}
