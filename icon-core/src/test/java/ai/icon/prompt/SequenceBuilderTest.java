package ai.icon.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SequenceBuilderTest {
  private static final CharacterTokenizer TOKENIZER = new CharacterTokenizer(true);

  private final SequenceBuilder builder =
      new SequenceBuilder(TOKENIZER, new SequenceLimits(5, 4, 3), "--");

  @Test
  void partsStandInOrderWithBosOnce() {
    Sequence sequence =
        builder.sequence(builder.demonstration("demo"), builder.question("ask", "ye"));
    assertThat(TOKENIZER.decode(sequence.ids())).isEqualTo("<s>demo--askye");
    assertThat(sequence.responseStart()).isEqualTo(10);
    assertThat(sequence.responseTokens()).isEqualTo(2);
    assertThat(sequence.cuts()).isEqualTo(new Cuts(false, false, false));
    assertThat(sequence.cuts().any()).isFalse();
  }

  @Test
  void withoutDemonstrationThereIsNoSeparator() {
    Sequence sequence = builder.sequence(builder.question("ask", "ye"));
    assertThat(TOKENIZER.decode(sequence.ids())).isEqualTo("<s>askye");
    assertThat(sequence.responseStart()).isEqualTo(4);
  }

  @Test
  void demonstrationsAreCutAtTheirEnd() {
    Demonstration demonstration = builder.demonstration("abcdef");
    assertThat(TOKENIZER.decode(demonstration.ids())).isEqualTo("abcde");
    assertThat(demonstration.cut()).isTrue();
    assertThat(demonstration.tokens()).isEqualTo(5);
    assertThat(builder.demonstration("abcde").cut()).isFalse();
  }

  @Test
  void promptsAreCutAtTheirStartAndResponsesAtTheirEnd() {
    Question question = builder.question("abcde", "wxyz");
    assertThat(TOKENIZER.decode(question.promptIds())).isEqualTo("bcde");
    assertThat(TOKENIZER.decode(question.responseIds())).isEqualTo("wxy");
    assertThat(TOKENIZER.decode(question.ids())).isEqualTo("bcdewxy");
    assertThat(question.responseStart()).isEqualTo(4);
    assertThat(question.cuts()).isEqualTo(new Cuts(false, true, true));
    assertThat(builder.question("abcd", "xyz").cuts()).isEqualTo(new Cuts(false, false, false));
    assertThat(builder.question("abcd", "wxyz").cuts()).isEqualTo(new Cuts(false, false, true));
    assertThat(builder.question("abcde", "xyz").cuts()).isEqualTo(new Cuts(false, true, false));
  }

  @Test
  void cutsOfDemonstrationAndQuestionAreCarriedTogether() {
    Sequence sequence =
        builder.sequence(builder.demonstration("abcdef"), builder.question("abcde", "x"));
    assertThat(sequence.cuts()).isEqualTo(new Cuts(true, true, false));
    assertThat(sequence.cuts().any()).isTrue();
  }

  @Test
  void prefixesAreBosDemonstrationAndSeparator() {
    assertThat(TOKENIZER.decode(builder.prefix(new int[] {'a', 'b'}))).isEqualTo("<s>ab--");
    assertThat(builder.emptyPrefix()).containsExactly(CharacterTokenizer.BOS);
    SequenceBuilder withoutBos =
        new SequenceBuilder(new CharacterTokenizer(false), SequenceLimits.DEFAULT, "--");
    assertThat(TOKENIZER.decode(withoutBos.prefix(new int[] {'a', 'b'}))).isEqualTo("ab--");
    assertThat(withoutBos.emptyPrefix()).isEmpty();
  }

  @Test
  void theMethodsLimitsAndSeparatorAreTheDefaults() {
    assertThat(SequenceLimits.DEFAULT).isEqualTo(new SequenceLimits(2040, 1024, 1024));
    assertThat(SequenceBuilder.SEPARATOR).isEqualTo("\n\n\n");
  }

  @Test
  void aResponseWithoutTokensIsRefused() {
    assertThatThrownBy(() -> builder.question("ask", ""))
        .isInstanceOf(UnscorableException.class)
        .hasMessage("Cannot score a question: its response has no tokens");
  }

  @Test
  void aResponseThatNothingPredictsIsRefused() {
    SequenceBuilder withoutBos =
        new SequenceBuilder(new CharacterTokenizer(false), SequenceLimits.DEFAULT, "--");
    Question question = withoutBos.question("", "ye");
    assertThatThrownBy(() -> withoutBos.sequence(question))
        .isInstanceOf(UnscorableException.class)
        .hasMessageContaining("nothing stands before the first response token to predict it")
        .hasMessageContaining("the tokenizer adds no BOS");
    assertThat(builder.sequence(builder.question("", "ye")).responseStart()).isEqualTo(1);
    assertThat(withoutBos.sequence(withoutBos.demonstration("d"), question).responseStart())
        .isEqualTo(3);
  }

  @Test
  void limitsBelowOneAreRefused() {
    assertThatThrownBy(() -> new SequenceLimits(1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid prompt limit: must be at least 1 token, got 0");
  }

  @Test
  void aResponseOutsideTheIdsIsRefused() {
    assertThatThrownBy(() -> new Sequence(new int[] {1, 2}, 2, new Cuts(false, false, false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid sequence: the response must start in [1, 2), got 2");
  }
}
