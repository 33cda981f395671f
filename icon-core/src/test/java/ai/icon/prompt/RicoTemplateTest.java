package ai.icon.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.sample.Message;
import ai.icon.sample.SampleBody.Conversation;
import ai.icon.sample.SampleBody.Instruction;
import java.util.List;
import org.junit.jupiter.api.Test;

class RicoTemplateTest {
  private final RicoTemplate template = new RicoTemplate();

  @Test
  void inputHasItsBlock() {
    assertThat(template.render(new Instruction("Add", "2, 2", " 4")))
        .isEqualTo(
            new RenderedSample(
                "### Instruction:\nAdd\n\n### Input: 2, 2\n\n### Response:", " 4", ""));
    assertThat(template.name()).isEqualTo("rico");
  }

  @Test
  void anEmptyInputHasNone() {
    RenderedSample rendered = template.render(new Instruction("Add", "", "4"));
    assertThat(rendered.prompt()).isEqualTo("### Instruction:\nAdd\n\n### Response:");
    assertThat(rendered.demonstration()).isEqualTo("### Instruction:\nAdd\n\n### Response:4");
  }

  @Test
  void oneTurnBeforeTheResponseIsTheInstruction() {
    Conversation conversation =
        new Conversation(List.of(new Message("user", "Add"), new Message("assistant", "4")));
    assertThat(template.render(conversation))
        .isEqualTo(template.render(new Instruction("Add", "", "4")));
  }

  @Test
  void severalTurnsAreWrittenWithTheirRoles() {
    Conversation conversation =
        new Conversation(
            List.of(
                new Message("system", "Brief."),
                new Message("user", "Hi"),
                new Message("assistant", "Hello"),
                new Message("user", "1?"),
                new Message("assistant", "One")));
    assertThat(template.render(conversation))
        .isEqualTo(
            new RenderedSample(
                "### Instruction:\nSystem: Brief.\n\nUser: Hi\n\nAssistant: Hello\n\nUser: 1?\n\n"
                    + "### Response:",
                "One",
                ""));
  }
}
