package ai.icon.sample;

import java.util.Locale;

/** Why a row cannot be used. The codes are written to the rejects table and never change. */
public enum RejectReason {
  /** The row is not JSON: a missing quote, a bare word, an illegal escape, NaN. */
  INVALID_JSON,
  /** The row ends in the middle of its JSON; in an array, the array's end is missing. */
  TRUNCATED_JSON,
  /** Something follows the row's object on its line, or the array in its file. */
  TRAILING_CONTENT,
  /** The row is JSON, but an array, a text, a number, a boolean or null. */
  NOT_AN_OBJECT,
  /** An object of the row has one key twice, so that it is unclear which value is meant. */
  DUPLICATE_KEY,
  /** The row is nested more than 100 levels deep. */
  NESTED_TOO_DEEP,
  /** The row is longer than {@link SampleParser#MAX_LENGTH}. */
  TOO_LONG,
  /** The row's bytes are not UTF-8. */
  INVALID_UTF8,
  /** A text holds half of a surrogate pair, which no tokenizer and no file can represent. */
  LONE_SURROGATE,
  /** A text holds the character NUL. */
  CONTROL_CHARACTERS,
  /** No known shape has the row's keys. */
  UNKNOWN_SHAPE,
  /** A field that the shape needs is absent or null, in the row or in one of its turns. */
  MISSING_FIELD,
  /** A field is there, but of another JSON type than the shape's. */
  WRONG_TYPE,
  /** Instruction or prompt, or every turn before the response, is empty or white space. */
  EMPTY_INSTRUCTION,
  /** The response is empty or white space. */
  EMPTY_RESPONSE,
  /** The conversation has no turns. */
  EMPTY_CONVERSATION,
  /** A turn has a role that is not known. */
  UNKNOWN_ROLE,
  /** No turn of the conversation is the assistant's. */
  NO_ASSISTANT_MESSAGE,
  /** The conversation starts with the assistant, so that its turns have no prompt. */
  NO_PROMPT,
  /** The column that the user named for ids is absent, null or empty in this row. */
  MISSING_ID,
  /** The checkpoint's chat template refuses the conversation, or does not write it whole. */
  REFUSED_BY_TEMPLATE,
  /** The compressed file ends in the middle of its data. */
  TRUNCATED_GZIP,
  /** The compressed data are damaged. */
  CORRUPT_GZIP;

  /** The stable code: the name in lower case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
