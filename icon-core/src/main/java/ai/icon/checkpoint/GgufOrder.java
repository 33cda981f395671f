package ai.icon.checkpoint;

/** Where a row of a Hugging Face tensor stands in the GGUF's. */
sealed interface GgufOrder {
  /** The stored row of a row, both from 0. */
  long stored(long row);

  /** As it is. */
  record Same() implements GgufOrder {
    @Override
    public long stored(long row) {
      return row;
    }
  }

  /**
   * Hugging Face's rotary halves from llama.cpp's adjacent pairs: within each head, component i of
   * the first half is stored at 2i, of the second at 2i + 1.
   *
   * @param rowsPerHead components of a head, even
   */
  record Halves(long rowsPerHead) implements GgufOrder {
    @Override
    public long stored(long row) {
      long head = row / rowsPerHead;
      long component = row % rowsPerHead;
      long half = rowsPerHead / 2;
      return head * rowsPerHead + 2 * (component % half) + component / half;
    }
  }

  /**
   * GPT-NeoX's [heads, 3, components] from [3, heads, components].
   *
   * @param heads query heads
   * @param rowsPerHead components of a head
   */
  record HeadByHead(long heads, long rowsPerHead) implements GgufOrder {
    @Override
    public long stored(long row) {
      long head = row / (3 * rowsPerHead);
      long which = row / rowsPerHead % 3;
      return (which * heads + head) * rowsPerHead + row % rowsPerHead;
    }
  }

  /** A matrix [in, out] stored as [out, in]: rows are columns. */
  record Transposed() implements GgufOrder {
    @Override
    public long stored(long row) {
      throw new UnsupportedOperationException("Cannot name a stored row: it is a column");
    }
  }
}
