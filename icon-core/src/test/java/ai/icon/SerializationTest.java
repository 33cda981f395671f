package ai.icon;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentSet;
import ai.icon.contribution.Contribution;
import ai.icon.contribution.ContributionMeasure;
import ai.icon.contribution.ControlBank;
import ai.icon.contribution.ControlDraw;
import ai.icon.contribution.ControlLoss;
import ai.icon.contribution.ControlLosses;
import ai.icon.contribution.GroupWeights;
import ai.icon.contribution.LengthBuckets;
import ai.icon.contribution.PairLoss;
import ai.icon.sample.ColumnMapping;
import ai.icon.sample.SampleParser;
import ai.icon.sample.SampleRow;
import ai.icon.sample.SampleShape;
import ai.icon.sample.SeededHash;
import ai.icon.selection.Budget;
import ai.icon.selection.RankingOrder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What travels to executors arrives as it left. */
class SerializationTest {
  private static final String CHAT =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\","
          + " \"content\": \"b\"}, {\"role\": \"user\", \"content\": \"c\"}]}";
  private static final String RENAMED = "{\"question\": \"a\", \"output\": \"b\"}";

  @ParameterizedTest
  @MethodSource
  void valuesThatTravelArriveEqual(Object value) throws IOException, ClassNotFoundException {
    assertThat(travelled(value)).isEqualTo(value).isNotSameAs(value);
  }

  static List<Object> valuesThatTravelArriveEqual() {
    PairLoss pair =
        PairLoss.of("t", assessment().examples().get(1), ContributionMeasure.RICO, 2, 1, 3);
    GroupWeights weights = GroupWeights.of(Map.of("maths", 2.0), Set.of("maths"));
    SampleParser parser = SampleParser.recognising(ColumnMapping.none());
    return List.of(
        parser.parse("pool.jsonl", 1, CHAT),
        parser.parse("pool.jsonl", 1, "{\"instruction\": \"a\", \"output\": \"b\"}"),
        parser.parse("pool.jsonl", 2, "{\"instruction\": \"a\"}"),
        new ColumnMapping(Map.of("output", "answer", "id", "key")),
        new ControlLoss(4, 2, 7, Double.NaN),
        GroupWeights.uniform(),
        weights,
        pair,
        Contribution.of(List.of(pair), weights, 5),
        Budget.parse("12.5%"),
        Budget.parse("5000"),
        Budget.parse("2000000tokens"));
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, RENAMED, "{}", "["})
  void aParserThatTravelledReadsTheSame(String json) throws IOException, ClassNotFoundException {
    ColumnMapping mapping = new ColumnMapping(Map.of("instruction", "question"));
    for (SampleParser parser :
        List.of(SampleParser.recognising(mapping), SampleParser.of(SampleShape.ALPACA, mapping))) {
      SampleRow row = parser.parse("pool.jsonl", 3, json);
      assertThat(travelled(parser).parse("pool.jsonl", 3, json)).isEqualTo(row);
    }
  }

  @Test
  void examplesKeepTheirTokensAndTheirOrder() throws IOException, ClassNotFoundException {
    assertThat(travelled(assessment()))
        .usingRecursiveComparison()
        .withStrictTypeChecking()
        .isEqualTo(assessment());
    ControlDraw draw = travelled(new ControlDraw(3, 1, new int[] {5, 6, 7}));
    assertThat(draw.ids()).containsExactly(5, 6, 7);
    assertThat(draw.draw()).isEqualTo(1);
  }

  @Test
  void aHashThatTravelledDrawsTheSame() throws IOException, ClassNotFoundException {
    SeededHash hash = new SeededHash(7, "control");
    SeededHash arrived = travelled(hash);

    assertThat(arrived.of("a")).isEqualTo(hash.of("a")).isNotEqualTo(hash.of("b"));
    assertThat(arrived.of("a")).isNotEqualTo(new SeededHash(8, "control").of("a"));
    assertThat(arrived.of("a")).isNotEqualTo(new SeededHash(7, "ranking").of("a"));
    assertThat(travelled(new RankingOrder(7)).tieBreak("a"))
        .isEqualTo(new RankingOrder(7).tieBreak("a"));
  }

  @Test
  void controlLossesThatTravelledInterpolateTheSame() throws IOException, ClassNotFoundException {
    LengthBuckets buckets = new LengthBuckets(20);
    List<ControlLoss> rows = new ArrayList<>();
    for (int bucket : buckets.all()) {
      for (int draw = 0; draw < ControlBank.DRAWS; draw++) {
        rows.add(new ControlLoss(bucket, draw, 0, Math.sqrt(bucket + draw)));
      }
    }
    ControlLosses losses = new ControlLosses(buckets, 1, rows);
    ControlLosses arrived = travelled(losses);

    assertThat(travelled(buckets).all()).isEqualTo(buckets.all());
    for (int length = 1; length <= 20; length++) {
      assertThat(arrived.controlNll(0, length)).isEqualTo(losses.controlNll(0, length));
    }
  }

  private static AssessmentSet assessment() {
    return AssessmentSet.of(
        List.of(
            new AssessedExample(
                "s", "maths", "p", "r", new int[] {1, 2}, new int[] {3}, true, false),
            new AssessedExample(
                "q", "chat", "p2", "r2", new int[] {4}, new int[] {5, 6}, false, true)));
  }

  @SuppressWarnings("unchecked") // what was written is what is read
  private static <T> T travelled(T value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }
}
