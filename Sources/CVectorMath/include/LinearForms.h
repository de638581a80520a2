/* Linear and quadratic forms of the state of a medium, with the same weights for eight replicas. */
#pragma once
#include "CVectorMath.h"

/* Two linear forms of displacements and velocities: the weights of a site are those of q and v in the first, then in the
   second form. Eight sums that do not wait for each other. */
NESS_INLINE void ness_two_linear_forms(const void *displacement, const void *velocity, const double *weights, long sites,
                                       void *first, void *second) {
  const ness_stored *q = displacement, *v = velocity;
  ness_v8d sums[8];
  NESS_UNROLLED for (int k = 0; k < 8; k++) sums[k] = ness_splat(0);
  long i = 0;
  for (; i + 2 <= sites; i += 2) {
    NESS_UNROLLED for (int part = 0; part < 2; part++) {
      NESS_UNROLLED for (int form = 0; form < 2; form++) {
        const double *w = weights + 4 * (i + part) + 2 * form;
        sums[4 * part + 2 * form] = ness_fma(q[i + part], ness_splat(w[0]), sums[4 * part + 2 * form]);
        sums[4 * part + 2 * form + 1] = ness_fma(v[i + part], ness_splat(w[1]), sums[4 * part + 2 * form + 1]);
      }
    }
  }
  if (i < sites) {
    NESS_UNROLLED for (int form = 0; form < 2; form++) {
      const double *w = weights + 4 * i + 2 * form;
      sums[2 * form] = ness_fma(q[i], ness_splat(w[0]), sums[2 * form]);
      sums[2 * form + 1] = ness_fma(v[i], ness_splat(w[1]), sums[2 * form + 1]);
    }
  }
  *(ness_stored *)first = (sums[0] + sums[1]) + (sums[4] + sums[5]);
  *(ness_stored *)second = (sums[2] + sums[3]) + (sums[6] + sums[7]);
}

/* z^T S z of n variables, S column after column. */
NESS_INLINE ness_v8d ness_quadratic_form(const void *variables, const double *form, long n) {
  const ness_stored *z = variables;
  ness_v8d sum = ness_splat(0);
  long column = 0;
  for (; column + 4 <= n; column += 4) {
    ness_v8d products[4];
    NESS_UNROLLED for (int k = 0; k < 4; k++) products[k] = ness_splat(0);
    for (long row = 0; row < n; row++) {
      ness_v8d value = z[row];
      NESS_UNROLLED for (int k = 0; k < 4; k++) {
        products[k] = ness_fma(value, ness_splat(form[(column + k) * n + row]), products[k]);
      }
    }
    NESS_UNROLLED for (int k = 0; k < 4; k++) sum = ness_fma(products[k], z[column + k], sum);
  }
  for (; column < n; column++) {
    ness_v8d product = ness_splat(0);
    for (long row = 0; row < n; row++) product = ness_fma(z[row], ness_splat(form[column * n + row]), product);
    sum = ness_fma(product, z[column], sum);
  }
  return sum;
}
