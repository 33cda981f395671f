package ai.icon.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
  private static String render(String template, Map<String, ?> variables) {
    return JinjaTemplate.of("test", template, GoldenTemplates.NOW).render(variables);
  }

  @ParameterizedTest
  @CsvSource({"chat_templates.json,104", "chat_templates_more.json,300", "jinja.json,600"})
  void rendersWhatPythonsJinjaRenders(String file, int atLeast) {
    List<GoldenTemplates.Case> cases = GoldenTemplates.cases(file);
    assertThat(cases).hasSizeGreaterThanOrEqualTo(atLeast);
    assertThat(cases.stream().map(GoldenTemplates.Case::difference).flatMap(Optional::stream))
        .isEmpty();
  }

  @Test
  void whatAVariableSaysIsNeverATemplate() {
    String hostile = "{{ 7 * 7 }}{% set x = 1 %}{# note #}{{ raise_exception('x') }}";
    assertThat(render("{{ a }}{{ a | upper | lower }}{{ a ~ a[:3] }}", Map.of("a", hostile)))
        .isEqualTo(hostile + hostile.toLowerCase(java.util.Locale.ROOT) + hostile + "{{ ");
  }

  @Test
  void nullIsNoneAndAnAbsentVariableIsUndefined() {
    Map<String, Object> variables = new HashMap<>();
    variables.put("a", null);
    assertThat(render("{{ a }}{{ a is none }}{{ b }}{{ b is defined }}", variables))
        .isEqualTo("NoneTrueFalse");
  }

  @Test
  void aVariableOfAnotherTypeIsACallersMistake() {
    assertThatThrownBy(() -> render("", Map.of("a", new Object())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid variable: there is no such value in Jinja: java.lang.Object");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      value = {
        "{{ a.b.c }}        # 1 # a value of type dict has no attribute 'b'",
        "{{ x.y }}          # 1 # 'x' is undefined",
        "{% include 'x' %}  # 1 # the tag 'include' is not supported, or has no beginning",
        "{{ a | pprint }}   # 1 # the filter 'pprint' is not supported",
        "{{ a | nonsense }} # 1 # the filter 'nonsense' is not known",
        "{{ a is nonsense }}# 1 # the test 'nonsense' is not known",
        "{{ 'x'.encode() }} # 1 # the method str.encode is not supported",
        "{{ a.update({}) }} # 1 # access to attribute 'update' of a dict is unsafe",
        "{{ ''.__class__ + 1}}# 1 # access to attribute '__class__' of a str is unsafe",
        "{{ 1 + 'a' }}      # 1 # operator + does not take int and str",
        "{{ lipsum() }}     # 1 # the method lipsum is not supported",
        "{{ strftime_now('%Q') }}# 1 # strftime_now: %Q is not supported",
        "{% for x in y recursive %}{% endfor %}# 1 # recursive loops are not supported",
      })
  void whatFailsIsNamedWithItsPlace(String template, int line, String reason) {
    assertThatThrownBy(() -> render("\n" + template.strip(), Map.of("a", Map.of())))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.line()).isEqualTo(line + 1);
              assertThat(e.raised()).isFalse();
            })
        .hasMessage("Cannot render template test, line 2: " + reason);
  }

  @Test
  void theLineIsThatOfTheStatementWithinALoop() {
    assertThatThrownBy(
            () -> render("a\n{% for x in [1] %}\n\n{{ x }}\n{{ x.y.z }}{% endfor %}", Map.of()))
        .hasMessage(
            "Cannot render template test, line 5: a value of type int has no attribute 'y'");
  }

  @Test
  void aTemplatesOwnRefusalIsToldApart() {
    assertThatThrownBy(() -> render("\n{{ raise_exception('Roles must alternate') }}", Map.of()))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.raised()).isTrue();
              assertThat(e.reason()).isEqualTo("Roles must alternate");
              assertThat(e.line()).isEqualTo(2);
            });
  }

  @Test
  void theDayIsTheOneThatIsGiven() {
    assertThat(render("{{ strftime_now('%d %b %Y, %A %-d %B %y %H:%M:%S %j %p %%') }}", Map.of()))
        .isEqualTo("26 Jul 2024, Friday 26 July 24 00:00:00 208 AM %");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}"
            + "{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}"
            + "{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}"
            + "{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(9999) %}{% set ns.s = [ns.s] %}"
            + "{% endfor %}{{ ns.s }}",
        "{% set ns = namespace() %}{% set ns.s = [ns] %}{{ ns.s }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ 'x' * 999999999999 }}",
        "{{ ('x' * 9999999).replace('', 'x' * 9999999) }}",
        "{{ (['x' * 9999999] * 99) | join }}",
        "{{ range(99999) | list | map('string') | map('center', 99999) | list }}",
        "{% set a = 'a' * 2000000 %}{{ (a ~ 'b') in (a ~ a) }}",
        "{% set a = 'a' * 2000000 %}{{ (a ~ a) is in (a ~ 'b') }}",
        "{% set a = 'a' * 2000000 %}{{ (a ~ a).find(a ~ 'b') }}",
        "{% set a = 'a' * 2000000 %}{{ (a ~ a).split(sep=a ~ 'b') }}",
        "{% set a = 'a' * 2000000 %}{{ (a ~ a) | replace(a ~ 'b', '') }}",
        "{% set a = 'a' * 2000000 %}{{ a.strip('b' * 2000000 ~ 'a') }}",
        "{% set a = 'a' * 2000000 %}{% for i in range(99999) %}{% set x = a[i] %}{% endfor %}",
        "{{ [1] * 33000000 }}",
        "{{ 10 ** 99999999 }}",
        "{{ 'x'.center(999999999) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ range(1000000000) }}",
        "{% set ns = namespace(n=3) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}"
            + "{% endfor %}",
      })
  void aHostileTemplateEndsSoon(String template) {
    assertThatThrownBy(
            () ->
                Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> render(template, Map.of())))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith("Cannot render template test, line 1: ");
  }

  @ParameterizedTest
  @CsvSource({
    "(,1,)",
    "[,1,]",
    "'not ',1,''",
    "-,1,''",
    "1+,1,''",
    "a.,a,''",
    "'x if ',1,''",
    "f(,1,)"
  })
  void deepNestingIsRefusedWithALittleStack(String open, String core, String close)
      throws InterruptedException {
    String expression = open.repeat(20_000) + core + (close == null ? "" : close).repeat(20_000);
    assertRefused("{{ " + expression + " }}");
  }

  @ParameterizedTest
  @CsvSource({
    "{% if 1 %},{% endif %}",
    "{% for x in y %},{% endfor %}",
    "{% macro m() %},{% endmacro %}"
  })
  void deepStatementsAreRefusedWithALittleStack(String open, String close)
      throws InterruptedException {
    assertRefused(open.repeat(5_000) + close.repeat(5_000));
  }

  @Test
  void recursionIsRefusedWithALittleStack() throws InterruptedException {
    String deep = "(".repeat(80) + "m()" + ")".repeat(80);
    String statement = "{% if true %}".repeat(40) + "{{ " + deep + " }}" + "{% endif %}".repeat(40);
    assertRefused("{% macro m() %}" + statement + "{% endmacro %}{{ m() }}");
    assertRefused("{% macro m() %}{{ [1] | map('string') | join ~ m() }}{% endmacro %}{{ m() }}");
  }

  /** With half of the stack that Java gives a thread. */
  private static void assertRefused(String template) throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(null, () -> render(template, Map.of()), "little stack", 512 * 1024L);
    thread.setUncaughtExceptionHandler((dead, e) -> thrown.set(e));
    thread.start();
    thread.join();
    assertThat(thrown.get()).isInstanceOf(TemplateException.class);
    assertThat(thrown.get())
        .hasMessageMatching("(?s)Cannot render template test, line 1: .*(lie|deep).*");
  }

  @Test
  void aTemplateOfTooManyCharactersIsRefused() {
    assertThatThrownBy(() -> render("x".repeat(Lexer.MAX_LENGTH + 1), Map.of()))
        .hasMessage(
            "Cannot render template test, line 1: it has 1000001 characters, at most 1000000 are"
                + " taken");
  }

  @Test
  void aLongConversationIsRendered() {
    String long1 = "word ".repeat(200_000);
    Map<String, String> turn = Map.of("role", "user", "content", long1);
    String template =
        "{% for m in messages %}{{ '<' + m.role + '>' + (m.content | trim).replace('x', 'y') +"
            + " '\\n' }}{% endfor %}";
    assertThat(render(template, Map.of("messages", java.util.Collections.nCopies(20, turn))))
        .hasSize(20 * (6 + long1.length() - 1 + 1));
  }
}
