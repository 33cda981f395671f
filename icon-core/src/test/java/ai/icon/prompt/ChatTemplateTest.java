package ai.icon.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.sample.Message;
import ai.icon.sample.SampleBody.Conversation;
import ai.icon.sample.SampleBody.Instruction;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected texts are those of Transformers' apply_chat_template (golden.json of each model). */
class ChatTemplateTest {
  private static final String FIXTURE =
      """
      {%- if messages[0]['role'] == 'system' -%}{{- '<|im_start|>system
      ' + messages[0]['content'] + '<|im_end|>
      ' -}}{%- endif -%}{%- for message in messages -%}{%- if message['role'] != 'system' -%}\
      {{- '<|im_start|>' + message['role'] + '
      ' + message['content'] | trim + '<|im_end|>
      ' -}}{%- endif -%}{%- endfor -%}{%- if add_generation_prompt -%}{{- '<|im_start|>assistant
      ' -}}{%- endif -%}""";

  private static final String SMOLLM2 =
      """
      {% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}\
      {{ '<|im_start|>system
      You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>
      ' }}{% endif %}{{'<|im_start|>' + message['role'] + '
      ' + message['content'] + '<|im_end|>' + '
      '}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
      ' }}{% endif %}""";

  private static final String CHATML =
      "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}"
          + "{{ '<|im_start|>system\\nYou answer well.<|im_end|>\\n' }}{% endif %}"
          + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'"
          + " }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}"
          + "{% endif %}";

  private static final String LLAMA3 =
      "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content ="
          + " '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+"
          + " message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content ="
          + " bos_token + content %}{% endif %}{{ content }}{% endfor %}"
          + "{% if add_generation_prompt %}"
          + "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}";

  private static final List<Message> THREE =
      List.of(
          new Message("system", "Be brief."),
          new Message("user", "  Count to three.  "),
          new Message("assistant", "One two three."));

  private static final List<Message> OPEN =
      List.of(
          new Message("user", "  Count to three.  "),
          new Message("assistant", "One two three."),
          new Message("user", "And back?"));

  @Test
  void fixturesTrimAllButTheSystemTurn() {
    ChatTemplate template = ChatTemplate.of(FIXTURE);
    String turns =
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nCount to three.<|im_end|>\n";
    assertThat(template.render(THREE, false))
        .isEqualTo(turns + "<|im_start|>assistant\nOne two three.<|im_end|>\n");
    assertThat(template.render(THREE.subList(0, 2), true))
        .isEqualTo(turns + "<|im_start|>assistant\n");
    assertThat(
            template.render(
                List.of(
                    new Message("system", " a "),
                    new Message("system", "b"),
                    new Message("user", "c")),
                false))
        .isEqualTo("<|im_start|>system\n a <|im_end|>\n<|im_start|>user\nc<|im_end|>\n");
  }

  @Test
  void smolLm2HasADefaultSystemTextAndTrimsNothing() {
    ChatTemplate template = ChatTemplate.of(SMOLLM2);
    String expected =
        "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging"
            + " Face<|im_end|>\n<|im_start|>user\n  Count to three.  <|im_end|>\n"
            + "<|im_start|>assistant\nOne two three.<|im_end|>\n<|im_start|>user\nAnd"
            + " back?<|im_end|>\n";
    assertThat(template.render(OPEN, false)).isEqualTo(expected);
    assertThat(template.render(OPEN, true)).isEqualTo(expected + "<|im_start|>assistant\n");
    assertThat(template.render(THREE, false)).startsWith("<|im_start|>system\nBe brief.<|im_end|>");
  }

  @Test
  void chatMlLeavesWhatLooksLikeATemplateAlone() {
    String question = "{{ 7 * 7 }} {% for x in y %} \\n 'quoted' $1";
    String answer = "{{ messages }} {%- endif %}";
    RenderedSample rendered = ChatTemplate.of(CHATML).render(new Instruction(question, "", answer));
    assertThat(rendered.prompt())
        .isEqualTo(
            "<|im_start|>system\nYou answer well.<|im_end|>\n<|im_start|>user\n"
                + question
                + "<|im_end|>\n<|im_start|>assistant\n");
    assertThat(rendered.response()).isEqualTo(answer);
  }

  @Test
  void plainChatMlHasNoPreamble() {
    String plain = CHATML.replaceFirst("\\{% if loop.*?endif %}", "").replace("['role']", ".role");
    assertThat(ChatTemplate.of(plain + "\n").render(List.of(new Message("user", " a ")), true))
        .isEqualTo("<|im_start|>user\n a <|im_end|>\n<|im_start|>assistant\n");
  }

  @Test
  void llama3HeadersAreTrimmedAndLeaveBosToTheSequenceBuilder() {
    assertThat(ChatTemplate.of(LLAMA3).render(THREE.subList(1, 3), true))
        .isEqualTo(
            "<|start_header_id|>user<|end_header_id|>\n\nCount to three.<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\nOne two three.<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n");
  }

  @Test
  void trimmingIsPythons() {
    Message message = new Message("user", "\u00a0\u0085\t a\u200b\u3000\n");
    assertThat(ChatTemplate.of(LLAMA3).render(List.of(message), false))
        .endsWith("\n\na\u200b<|eot_id|>");
  }

  @ParameterizedTest
  @ValueSource(strings = {FIXTURE, SMOLLM2, CHATML, LLAMA3})
  void promptResponseAndEndingAreTheWholeConversation(String text) {
    ChatTemplate template = ChatTemplate.of(text);
    RenderedSample rendered = template.render(new Conversation(THREE));
    assertThat(rendered.demonstration()).isEqualTo(template.render(THREE, false));
    assertThat(rendered.prompt()).isEqualTo(template.render(THREE.subList(0, 2), true));
    assertThat(rendered.response()).isEqualTo("One two three.");
    assertThat(rendered.ending()).isEqualTo(text.equals(LLAMA3) ? "<|eot_id|>" : "<|im_end|>\n");
    assertThat(template.name()).isEqualTo("chat");
  }

  @Test
  void aResponseIsWrittenAsTheTemplateWritesIt() {
    Instruction body = new Instruction("a", "b", " c ");
    assertThat(ChatTemplate.of(FIXTURE).render(body))
        .isEqualTo(
            new RenderedSample(
                "<|im_start|>user\na\n\nb<|im_end|>\n<|im_start|>assistant\n",
                "c",
                "<|im_end|>\n"));
    assertThat(ChatTemplate.of(SMOLLM2).render(body).response()).isEqualTo(" c ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{{ messages }}", "{% for m in messages %}{{ m }}{% endfor %}"})
  void othersAreTheUsersError(String text) {
    assertThatThrownBy(() -> ChatTemplate.of(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot use the checkpoint's chat template: it is not supported yet")
        .hasMessageContaining("--template rico");
  }

  @Test
  void aSmallDifferenceIsNotOverlooked() {
    for (String changed :
        List.of(
            SMOLLM2.replace("Face<|im_end|>", "Face"),
            FIXTURE.replace("!= 'system'", "!= 'user'"),
            LLAMA3.replace("\\n\\n'+", "\\n'+"),
            LLAMA3.replace("loop.index0 == 0", "loop.index0 == 1"),
            CHATML.replace("'] + '\\n' +", "'] + '\\t' +"),
            CHATML + " ",
            CHATML + "Bye")) {
      assertThatThrownBy(() -> ChatTemplate.of(changed))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("not supported yet");
    }
  }

  @Test
  void aConversationWithoutMessagesIsRefused() {
    assertThatThrownBy(() -> ChatTemplate.of(CHATML).render(List.of(), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot render a conversation: it has no messages");
  }
}
