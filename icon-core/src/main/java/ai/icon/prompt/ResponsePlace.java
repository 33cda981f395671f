package ai.icon.prompt;

/**
 * Where a template writes the response. It starts where the opening of the assistant's turn, as it
 * is written for generation, ends; where the template writes more than white space in between, such
 * as an empty block of thoughts, or the opening is no beginning of the whole, it starts where
 * another response would stand in its place. It ends before what follows that other response.
 *
 * @param whole the conversation
 * @param opened the conversation up to the response, with the opening for generation
 * @param marked the conversation with another response
 * @param mark that other response
 */
record ResponsePlace(String whole, String opened, String marked, String mark) {
  /**
   * The parts.
   *
   * @throws UnscorableException if the template does not write the response once and whole
   */
  RenderedSample rendered(String response) {
    int at = marked.indexOf(mark);
    if (at < 0 || marked.lastIndexOf(mark) != at) {
      throw unscorable("does not write the response once");
    }
    String before = marked.substring(0, at);
    String after = marked.substring(at + mark.length());
    int start = start(before);
    int end = whole.length() - after.length();
    if (start > end || !whole.endsWith(after)) {
      throw unscorable("writes something else behind each response");
    }
    String written = whole.substring(start, end);
    if (!says(written, response)) {
      throw unscorable("rewrites the response");
    }
    return new RenderedSample(whole.substring(0, start), written, after);
  }

  private int start(String before) {
    boolean opens = whole.startsWith(opened);
    boolean stands = whole.startsWith(before);
    if (!opens && !stands) {
      throw unscorable("writes something else before each response");
    }
    if (!stands) {
      return opened.length();
    }
    boolean isSpaceBetween =
        opens && opened.length() <= before.length() && before.substring(opened.length()).isBlank();
    return isSpaceBetween ? opened.length() : before.length();
  }

  /** Whether the text is the response, or the part of it that the template keeps. */
  private static boolean says(String written, String response) {
    return dense(response).contains(dense(written))
        && dense(written).isEmpty() == dense(response).isEmpty();
  }

  private static String dense(String text) {
    StringBuilder dense = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> !Character.isWhitespace(c) && !Character.isSpaceChar(c) && c != 0x85)
        .forEach(dense::appendCodePoint);
    return dense.toString();
  }

  private static UnscorableException unscorable(String what) {
    return new UnscorableException(
        "Cannot write a sample as chat: the checkpoint's template " + what, true);
  }
}
