package ai.icon.spark.stage;

import java.io.Serializable;

/**
 * A sample that is scored in context, with its text; lives on executors.
 *
 * @param id the sample's id
 * @param demonstration its text in front of a question
 * @param tokens its length after all cuts, tokens
 * @param cut whether it lost its end
 */
record Candidate(String id, String demonstration, int tokens, boolean cut)
    implements Serializable {}
