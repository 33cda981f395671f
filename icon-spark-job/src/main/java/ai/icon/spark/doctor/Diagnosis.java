package ai.icon.spark.doctor;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The findings of all checks, in the order in which they were made.
 *
 * @param findings one a check
 */
public record Diagnosis(List<Finding> findings) {
  /** Copies the list. */
  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** The findings of both. */
  public Diagnosis and(Diagnosis other) {
    return new Diagnosis(Stream.concat(findings.stream(), other.findings.stream()).toList());
  }

  /** The findings with one verdict. */
  public List<Finding> of(Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).toList();
  }

  /** Whether a run would be refused. */
  public boolean isRefused() {
    return !of(Verdict.REFUSED).isEmpty();
  }

  /**
   * Lets a run begin.
   *
   * @throws UserError naming every refusal with its cure
   */
  public void requireNoRefusal() {
    List<Finding> refusals = of(Verdict.REFUSED);
    if (refusals.isEmpty()) {
      return;
    }
    if (refusals.size() == 1) {
      throw new UserError(message(refusals.get(0)), refusals.get(0).cure());
    }
    List<String> lines = new ArrayList<>();
    lines.add("Cannot run, for " + refusals.size() + " reasons:");
    for (Finding refusal : refusals) {
      lines.add("- " + refusal.check() + ": " + stopped(refusal.found()));
      lines.add("  " + refusal.cure());
    }
    throw new UserError(
        String.join("\n  ", lines), "icon doctor shows all checks, with the same options.");
  }

  /** The words of the code that would have run into it stay as they are. */
  private static String message(Finding refusal) {
    String found = refusal.found();
    boolean isMessage = found.startsWith("Cannot ") || found.startsWith("Invalid ");
    return isMessage ? found : stopped("Cannot run: " + refusal.check() + ": " + found);
  }

  private static String stopped(String sentence) {
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }

  /** The findings as a table, the cure of what is wrong below its line. */
  public List<String> lines() {
    int width = findings.stream().mapToInt(finding -> finding.check().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      lines.add(row(finding.verdict().text(), finding.check(), width, finding.found()));
      if (finding.verdict() != Verdict.OK) {
        lines.add(row("", "", width, finding.cure()));
      }
    }
    return lines;
  }

  private static String row(String verdict, String check, int width, String text) {
    return String.format(
        Locale.ROOT, "%-7s  %-" + Math.max(1, width) + "s  %s", verdict, check, text);
  }

  /** The findings as one JSON object on one line. */
  public String json() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("refused", of(Verdict.REFUSED).size()).put("warnings", of(Verdict.WARNING).size());
    ArrayNode checks = json.putArray("checks");
    for (Finding finding : findings) {
      checks
          .addObject()
          .put("check", finding.check())
          .put("verdict", finding.verdict().text())
          .put("found", finding.found())
          .put("cure", finding.cure());
    }
    try {
      return mapper.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree always becomes text", e);
    }
  }
}
