package ai.icon.spark.stage;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentDraw;
import ai.icon.assessment.AssessmentSet;
import ai.icon.error.UserError;
import ai.icon.prompt.RenderedSample;
import ai.icon.prompt.UnscorableException;
import ai.icon.sample.AssessedParser;
import ai.icon.sample.AssessedRow;
import ai.icon.sample.AssessedSample;
import ai.icon.sample.AssessedText;
import ai.icon.sample.ColumnMapping;
import ai.icon.sample.Reject;
import ai.icon.sample.RejectReason;
import ai.icon.sample.SampleParser;
import ai.icon.spark.config.PromptConfig;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An assessment set from a file or table: samples with a group, or the released format. */
final class AssessmentFile implements AssessmentSource {
  private final List<AssessedExample> examples = new ArrayList<>();
  private final List<Reject> rejects = new ArrayList<>();

  @Override
  public Assessed read(StageContext context) throws IOException {
    new MappedColumns(context).checkAssessment();
    LoadedModel model = ModelRegistry.model(context.model());
    AssessedParser parser =
        new AssessedParser(SampleParser.recognising(columns(context.config().pool().columns())));
    for (Source source : context.sources().assessment(context.config().assessment())) {
      context.sources().forEach(source, parser, row -> add(context, row, model));
    }
    int read = examples.size() + rejects.size();
    if (examples.isEmpty() || rejects.size() > context.config().pool().maxRejectShare() * read) {
      throw new UserError(
          "Cannot use the assessment file "
              + context.config().assessment().source()
              + ": "
              + rejects.size()
              + " of "
              + read
              + " rows cannot be used. First: "
              + (rejects.isEmpty() ? "the file is empty" : first()),
          "Mend the rows, map --columns, or raise --max-reject-share.");
    }
    return new Assessed(draw(context, AssessmentSet.of(examples)), Set.of(), List.copyOf(rejects));
  }

  private String first() {
    Reject reject = rejects.get(0);
    return reject.source() + ":" + reject.line() + ": " + reject.message();
  }

  /** Assessed examples are named by what they say: a column of the pool's ids is none of theirs. */
  private static ColumnMapping columns(ColumnMapping pool) {
    Map<String, String> columns = new TreeMap<>(pool.columns());
    columns.remove("id");
    return new ColumnMapping(columns);
  }

  private void add(StageContext context, AssessedRow row, LoadedModel model) {
    if (row instanceof AssessedRow.Rejected rejected) {
      rejects.add(rejected.reject());
      return;
    }
    AssessedSample sample = ((AssessedRow.Accepted) row).sample();
    try {
      examples.add(example(context, sample, model));
    } catch (UnscorableException e) {
      rejects.add(
          new Reject(
              sample.source(),
              sample.line(),
              e.byTemplate() ? RejectReason.REFUSED_BY_TEMPLATE : RejectReason.EMPTY_RESPONSE,
              String.valueOf(e.getMessage()),
              ""));
    }
  }

  private static AssessedExample example(
      StageContext context, AssessedSample sample, LoadedModel model) {
    if (sample.text() instanceof AssessedText.Templated templated) {
      if (context.config().prompt().template() != PromptConfig.Template.RICO) {
        throw new UserError(
            "Cannot use the assessment file "
                + sample.source()
                + " with --template chat: its prompts are already templated, so that question and"
                + " demonstration would be written in two forms.",
            "Use --template rico, or an assessment file of instructions or messages.");
      }
      return AssessmentSource.example(
          model, sample.group(), templated.prompt(), templated.response());
    }
    RenderedSample rendered = model.template().render(((AssessedText.Body) sample.text()).body());
    return AssessmentSource.example(model, sample.group(), rendered.prompt(), rendered.response());
  }

  private static AssessmentSet draw(StageContext context, AssessmentSet all) {
    int size = context.config().assessment().examples();
    if (size >= all.size() && size == Integer.MAX_VALUE) {
      return all;
    }
    Map<String, AssessedExample> byId =
        all.examples().stream().collect(Collectors.toMap(AssessedExample::id, Function.identity()));
    List<AssessmentDraw.Member> members =
        all.examples().stream()
            .map(example -> new AssessmentDraw.Member(example.id(), example.group()))
            .toList();
    List<AssessedExample> drawn =
        new AssessmentDraw(context.config().seed())
            .stratified(members, size).stream().map(byId::get).toList();
    return new AssessmentSet(drawn, all.duplicates());
  }
}
