package ai.icon.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.sample.Message;
import ai.icon.sample.SampleBody.Conversation;
import ai.icon.sample.SampleBody.Instruction;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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

  private static final SpecialTokens TOKENS =
      new SpecialTokens(Map.of("bos_token", "<s>", "eos_token", "</s>"), true);

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
    ChatTemplate template = of(FIXTURE);
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
    ChatTemplate template = of(SMOLLM2);
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
    RenderedSample rendered = of(CHATML).render(new Instruction(question, "", answer));
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
    assertThat(of(plain + "\n").render(List.of(new Message("user", " a ")), true))
        .isEqualTo("<|im_start|>user\n a <|im_end|>\n<|im_start|>assistant\n");
  }

  @Test
  void llama3HeadersAreTrimmedAndLeaveBosToTheSequenceBuilder() {
    assertThat(of(LLAMA3).render(THREE.subList(1, 3), true))
        .isEqualTo(
            "<|start_header_id|>user<|end_header_id|>\n\nCount to three.<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\nOne two three.<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n");
  }

  @Test
  void trimmingIsPythons() {
    Message message = new Message("user", "\u00a0\u0085\t a\u200b\u3000\n");
    assertThat(of(LLAMA3).render(List.of(message), false)).endsWith("\n\na\u200b<|eot_id|>");
  }

  @ParameterizedTest
  @ValueSource(strings = {FIXTURE, SMOLLM2, CHATML, LLAMA3})
  void promptResponseAndEndingAreTheWholeConversation(String text) {
    ChatTemplate template = of(text);
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
    assertThat(of(FIXTURE).render(body))
        .isEqualTo(
            new RenderedSample(
                "<|im_start|>user\na\n\nb<|im_end|>\n<|im_start|>assistant\n",
                "c",
                "<|im_end|>\n"));
    assertThat(of(SMOLLM2).render(body).response()).isEqualTo(" c ");
  }

  @Test
  void aLeadingSpaceOfTheTemplateBelongsToTheResponse() {
    RenderedSample rendered =
        of("{% for m in messages %}{{ m.role ~ ': ' ~ m.content ~ '\n' }}{% endfor %}"
                + "{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}")
            .render(new Instruction("a", "", "b"));
    assertThat(rendered).isEqualTo(new RenderedSample("user: a\nassistant:", " b", "\n"));
  }

  @Test
  void anEmptyBlockOfThoughtsBelongsToThePromptAndThoughtsToTheResponse() {
    ChatTemplate template =
        of(
            "{% for m in messages %}{% set parts = m.content.split('</think>') %}"
                + "{{ '<' ~ m.role ~ '>' }}{% if loop.last and m.role == 'assistant' %}{{ '<think>'"
                + " ~ (parts[0].split('<think>')[-1].strip() if parts[1:]) ~ '</think>\n' }}"
                + "{% endif %}{{ parts[-1].strip() ~ '.' }}{% endfor %}"
                + "{% if add_generation_prompt %}{{ '<assistant>' }}{% endif %}");
    assertThat(template.render(new Instruction("a", "", " b ")))
        .isEqualTo(new RenderedSample("<user>a.<assistant><think></think>\n", "b", "."));
    assertThat(template.render(new Instruction("a", "", "<think>\nso</think>b ")))
        .isEqualTo(new RenderedSample("<user>a.<assistant>", "<think>so</think>\nb", "."));
  }

  @Test
  void thoughtsThatTheTemplateDropsAreNotInTheResponse() {
    RenderedSample rendered =
        of("{% for m in messages %}{{ '<' ~ m.role ~ '>' ~ m.content.split('</think>')[-1] ~ ';' }}"
                + "{% endfor %}{% if add_generation_prompt %}{{ '<assistant><think>' }}{% endif %}")
            .render(new Instruction("a", "", "<think>so</think>b"));
    assertThat(rendered).isEqualTo(new RenderedSample("<user>a;<assistant>", "b", ";"));
  }

  @Test
  void bosIsLeftOutOnceAndOnlyAtTheStart() {
    ChatTemplate template =
        of("{% for m in messages %}{{ bos_token ~ m.content ~ eos_token }}{% endfor %}");
    assertThat(template.render(THREE, false))
        .isEqualTo("Be brief.</s><s>  Count to three.  </s><s>One two three.</s>");
    assertThat(template.render(new Conversation(THREE)).demonstration())
        .isEqualTo(template.render(THREE, false));
  }

  @Test
  void aSampleThatTheTemplateRefusesIsUnscorable() {
    ChatTemplate template =
        of(
            "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('System role not"
                + " supported') }}{% endif %}{{ m.content ~ ';' }}{% endfor %}");
    assertThat(template.render(new Conversation(OPEN.subList(0, 2))).response())
        .isEqualTo("One two three.");
    assertThatThrownBy(() -> template.render(new Conversation(THREE)))
        .isInstanceOf(UnscorableException.class)
        .hasMessage(
            "Cannot write a sample as chat: the checkpoint's template refuses it: System role not"
                + " supported");
  }

  @Test
  void aSampleOnWhichTheTemplateFailsIsUnscorableWithThePlace() {
    ChatTemplate template =
        of("{% for m in messages %}\n{{ m.content ~ (m.x.y if m.role == 'system') }}{% endfor %}");
    assertThatThrownBy(() -> template.render(new Conversation(THREE)))
        .isInstanceOf(UnscorableException.class)
        .hasMessage(
            "Cannot write a sample as chat: Cannot render template chat_template, line 2: a value"
                + " of type dict has no attribute 'x'");
  }

  @Test
  void aResponseThatTheTemplateRewritesIsUnscorable() {
    ChatTemplate template =
        of("{% for m in messages %}{{ m.content | replace('two', '2') ~ ';' }}{% endfor %}");
    assertThatThrownBy(() -> template.render(new Conversation(THREE)))
        .isInstanceOf(UnscorableException.class)
        .hasMessage(
            "Cannot write a sample as chat: the checkpoint's template rewrites the response");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{% for m in messages %}{{ m.content }}{% endfor %}{{ messages[-1].content }}",
        "{% for m in messages %}{{ m.contents.x }}{% endfor %}",
        "{% for m in messages %}{{ m.content | pprint }}{% endfor %}",
        "{% for m in messages %}{{ m.content }}",
        "{% include 'x' %}",
        "{{ raise_exception('never') }}"
      })
  void aTemplateThatCannotBeUsedIsTheUsersError(String text) {
    assertThatThrownBy(() -> of(text))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Cannot use the checkpoint's chat template: ")
        .hasMessageContaining("--template rico");
  }

  @Test
  void theDayIsAlwaysTheSame() {
    String dated =
        "{{ strftime_now('%d %b %Y') }}{% for m in messages %}{{ m.content }};{% endfor %}";
    assertThat(of(dated).render(THREE, false)).startsWith("26 Jul 2024Be brief.;");
  }

  @Test
  void specialTokensAreTextsOrObjects() throws IOException {
    String config =
        "{\"bos_token\": null, \"eos_token\": {\"content\": \"</s>\"}, \"unk_token\": \"<unk>\","
            + " \"model_max_length\": 5}";
    assertThat(SpecialTokens.of(new ObjectMapper().readTree(config), false).texts())
        .isEqualTo(Map.of("eos_token", "</s>", "unk_token", "<unk>"));
  }

  @Test
  void aConversationWithoutMessagesIsRefused() {
    assertThatThrownBy(() -> of(CHATML).render(List.of(), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot render a conversation: it has no messages");
  }

  /** SmolLM2's tokenizer calls the mark of a turn its BOS, and puts none in front. */
  @Test
  void aBosThatTheTokenizerDoesNotAddIsTextLikeAnyOther() {
    String text = "{% for m in messages %}{{ bos_token + m.role + ':' + m.content }}{% endfor %}";
    Map<String, String> texts = Map.of("bos_token", "<|im_start|>");
    List<Message> messages = List.of(new Message("user", "a"), new Message("assistant", "b"));

    assertThat(ChatTemplate.of(text, new SpecialTokens(texts, false)).render(messages, false))
        .isEqualTo("<|im_start|>user:a<|im_start|>assistant:b");
    assertThat(ChatTemplate.of(text, new SpecialTokens(texts, true)).render(messages, false))
        .isEqualTo("user:a<|im_start|>assistant:b");
  }

  private static ChatTemplate of(String text) {
    return ChatTemplate.of(text, TOKENS);
  }
}
