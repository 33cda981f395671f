package ai.icon.decoder;

/** What a model is, known without loading it: a decoder whose parts are, or a program. */
public sealed interface ModelOutline permits DecoderSpec, ProgramOutline {
  /** What kind of model, for messages: the model_type of its config. */
  String family();

  /** Ids that it takes, from 0. */
  int vocabulary();

  /** Most tokens of a sequence. */
  int contextLength();

  /** Whether it gives hidden states, which the selector probe and clustered draws learn from. */
  boolean embeds();
}
