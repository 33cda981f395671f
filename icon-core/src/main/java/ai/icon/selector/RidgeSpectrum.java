package ai.icon.selector;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.decomposition.eig.SymmetricQRAlgorithmDecomposition_DDRM;
import org.ejml.dense.row.decomposition.hessenberg.TridiagonalDecompositionHouseholder_DDRM;

/**
 * One eigendecomposition that answers for every penalty. With Z = U √E Vᵀ, P = Z V = U √E [n, r]
 * and a = Pᵀy [r]:
 *
 * <pre>
 * fitted values   ŷ(λ)  = P (E + λ)⁻¹ a                 [n]
 * leverages       h(λ)ᵢ = Σₖ Pᵢₖ² / (eₖ + λ)            [n]
 * weights         w(λ)  = V (E + λ)⁻¹ a                 [d]
 * </pre>
 *
 * V comes from ZᵀZ (primal) or, as Zᵀ U √E⁻¹, from ZZᵀ (dual).
 */
final class RidgeSpectrum {
  /** Eigenvalues below this share of the largest are rounding: their directions hold no data. */
  private static final double ROUNDING = 1e-13;

  /** Which of the two products is decomposed. */
  enum Form {
    /** ZᵀZ [d, d], for d ≤ n. */
    PRIMAL,
    /** ZZᵀ [n, n], for n &lt; d. */
    DUAL
  }

  /** E: eigenvalues [r], 0 where only rounding is left. */
  private final double[] eigenvalues;

  /** V [d, r]; columns of zero eigenvalues are 0. */
  private final DMatrixRMaj directions;

  /** P [n, r]. */
  private final DMatrixRMaj scores;

  /** a [r]. */
  private final DMatrixRMaj projections;

  RidgeSpectrum(DMatrixRMaj z, DMatrixRMaj y, Form form) {
    int rank = form == Form.PRIMAL ? z.numCols : z.numRows;
    DMatrixRMaj gram = new DMatrixRMaj(rank, rank);
    if (form == Form.PRIMAL) {
      CommonOps_DDRM.multInner(z, gram); // ZᵀZ [d, d]
    } else {
      CommonOps_DDRM.multOuter(z, gram); // ZZᵀ [n, n]
    }
    eigenvalues = new double[rank];
    DMatrixRMaj vectors = decompose(gram, eigenvalues); // [r, r]
    directions = new DMatrixRMaj(z.numCols, rank);
    if (form == Form.PRIMAL) {
      directions.setTo(vectors);
    } else {
      CommonOps_DDRM.multTransA(z, vectors, directions); // Zᵀ U [d, n]
      double[] shrink = new double[rank];
      for (int k = 0; k < rank; k++) {
        shrink[k] = eigenvalues[k] == 0 ? 0 : 1 / Math.sqrt(eigenvalues[k]);
      }
      CommonOps_DDRM.multCols(directions, shrink); // V = Zᵀ U √E⁻¹
    }
    scores = new DMatrixRMaj(z.numRows, rank);
    CommonOps_DDRM.mult(z, directions, scores); // P = Z V [n, r]
    projections = new DMatrixRMaj(rank, 1);
    CommonOps_DDRM.multTransA(scores, y, projections); // a = Pᵀy [r]
  }

  /** trace(ZᵀZ): the sum of the eigenvalues. */
  double trace() {
    double sum = 0;
    for (double eigenvalue : eigenvalues) {
      sum += eigenvalue;
    }
    return sum;
  }

  /** ŷ(λ) of the centred target [n]. */
  double[] fitted(double penalty) {
    return times(scores, penalty);
  }

  /** w(λ) [d]. */
  double[] weights(double penalty) {
    return times(directions, penalty);
  }

  /** h(λ): the diagonal of Z (ZᵀZ + λ)⁻¹ Zᵀ [n]. */
  double[] leverages(double penalty) {
    double[] leverages = new double[scores.numRows];
    for (int i = 0; i < leverages.length; i++) {
      double sum = 0;
      for (int k = 0; k < eigenvalues.length; k++) {
        double p = scores.get(i, k);
        sum += p * p / (eigenvalues[k] + penalty);
      }
      leverages[i] = sum;
    }
    return leverages;
  }

  private double[] times(DMatrixRMaj matrix, double penalty) {
    double[] result = new double[matrix.numRows];
    for (int i = 0; i < result.length; i++) {
      double sum = 0;
      for (int k = 0; k < eigenvalues.length; k++) {
        sum += matrix.get(i, k) * projections.get(k) / (eigenvalues[k] + penalty);
      }
      result[i] = sum;
    }
    return result;
  }

  /** Fills in the eigenvalues and gives the eigenvectors as columns. */
  private static DMatrixRMaj decompose(DMatrixRMaj gram, double[] eigenvalues) {
    int rank = eigenvalues.length;
    // Named classes and not EJML's factory, which picks another algorithm for large matrices.
    SymmetricQRAlgorithmDecomposition_DDRM eigen =
        new SymmetricQRAlgorithmDecomposition_DDRM(
            new TridiagonalDecompositionHouseholder_DDRM(), true);
    if (!eigen.decompose(gram)) {
      throw new ArithmeticException(
          "Cannot decompose a symmetric matrix of " + rank + " rows: no convergence");
    }
    DMatrixRMaj vectors = new DMatrixRMaj(rank, rank);
    double largest = 0;
    for (int k = 0; k < rank; k++) {
      eigenvalues[k] = eigen.getEigenvalue(k).real;
      largest = Math.max(largest, eigenvalues[k]);
      CommonOps_DDRM.insert(eigen.getEigenVector(k), vectors, 0, k);
    }
    for (int k = 0; k < rank; k++) {
      if (eigenvalues[k] <= ROUNDING * largest) {
        eigenvalues[k] = 0;
      }
    }
    return vectors;
  }
}
