package ai.icon.prompt;

import ai.icon.sample.SampleBody;

/** How a sample is written for the model; the same for demonstrations and for questions. */
public interface PromptTemplate {
  /** The name that settings, footers and fingerprints carry: {@code rico} or {@code chat}. */
  String name();

  /** Writes a sample. Never changes what the sample says beyond what the template itself trims. */
  RenderedSample render(SampleBody body);
}
