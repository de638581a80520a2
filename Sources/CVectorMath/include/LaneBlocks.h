/* Functions on a block of n vectors. One polynomial is a chain of dependent multiply-adds; n of them side by side keep
   the pipes busy, and share every constant that is loaded. n must be a literal: it unrolls all loops. */
#pragma once
#include "CVectorMath.h"

/* No block is wider. */
#define NESS_WIDEST 8
#define NESS_UNROLLED _Pragma("clang loop unroll(full)")

/* s = sin(pi y), c = cos(pi y) for |y| <= 1/2, from the half angle: with t = sqrt(2) sin(pi y/2) and
   k = sqrt(2) cos(pi y/2), s = t k and c = 1 - t² */
NESS_INLINE void ness_sincos_block(int n, const ness_v8d *y, ness_v8d *s, ness_v8d *c) {
  static const double p[6] = {0x1.1c5831add62cfp+1,  -0x1.d3ba5c1c5941ap-1, 0x1.cda1062f57497p-4,
                              -0x1.b1e9e9ec0b2c6p-8, 0x1.dbcdf08591512p-13, -0x1.5185f98d78ed5p-18};
  static const double r[7] = {0x1.6a09e667f3bccp+0,  -0x1.bea5b6072b1ecp+0, 0x1.6f5a49b29085dp-2,
                              -0x1.e36ab0b62dd2bp-6, 0x1.54cb876c4eb32p-10, -0x1.2af4d2ca26f33p-15,
                              0x1.61741369cd96ep-21};
  ness_v8d w[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u++) {
    w[u] = y[u] * y[u];
    s[u] = ness_splat(p[5]);
    c[u] = ness_fma(w[u], ness_splat(r[6]), ness_splat(r[5]));
  }
  NESS_UNROLLED for (int i = 4; i >= 0; i--) {
    NESS_UNROLLED for (int u = 0; u < n; u++) {
      s[u] = ness_fma(s[u], w[u], ness_splat(p[i]));
      c[u] = ness_fma(c[u], w[u], ness_splat(r[i]));
    }
  }
  NESS_UNROLLED for (int u = 0; u < n; u++) {
    ness_v8d t = s[u] * y[u];
    s[u] = t * c[u];
    c[u] = ness_fma(-t, t, ness_splat(1.0));
  }
}

/* The same functions of one vector. */
NESS_INLINE ness_v8d ness_sin_half_turn(ness_v8d y) {
  ness_v8d s, c;
  ness_sincos_block(1, &y, &s, &c);
  return s;
}
NESS_INLINE ness_v8d ness_cos_half_turn(ness_v8d y) {
  ness_v8d s, c;
  ness_sincos_block(1, &y, &s, &c);
  return c;
}
