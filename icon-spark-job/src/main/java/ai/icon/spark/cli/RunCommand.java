package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs all stages. */
@Command(
    name = "run",
    header = "Run all stages: from files of samples to a selection.",
    description = {
      "",
      "Ingests the pool, fixes the assessment set, scores candidates in context, trains the",
      "selector, ranks the pool and cuts the ranking at the budget. Stages whose output is complete",
      "are skipped, so that the same command takes up a run that was stopped.",
      "",
      "Input:",
      "  --pool: files of samples; --assessment: examples with a group (or a draw from the pool);",
      "  --model: a checkpoint: a folder, a GGUF file, or an id in the cache of Hugging Face.",
      "",
      "Output:",
      "  The run folder OUT: OUT/selection (Parquet), OUT/ranking, OUT/pairs, OUT/manifest.json and",
      "  more. The last line of standard output is the path of the selection."
    },
    footer = {
      "",
      "Example:",
      "  icon run --pool 'data/*.jsonl' --assessment tasks.jsonl --assessment-size 64 \\",
      "    --model models/SmolLM2-135M-Instruct --candidates 200 --budget 15%% --out runs/first"
    })
final class RunCommand extends StageCommand {
  @Option(names = "--until", paramLabel = "<stage>", description = "Stop behind this stage.")
  private String until = StageName.SELECT.text();

  RunCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Collections.unmodifiableSet(EnumSet.allOf(Setting.class));
  }

  @Override
  List<StageName> stages() {
    return JobMixin.stage("--until", until).upTo();
  }
}
