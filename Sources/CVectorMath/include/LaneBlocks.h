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

/* f = 2^z for |z| < 1000: z = k + r with k an integer, 2^r = (2^(r/2))², which saves a multiplication */
NESS_INLINE void ness_power_of_two_block(int n, const ness_v8d *z, ness_v8d *f) {
  static const double p[9] = {0x1.0000000000000p+0,  0x1.62e42fefa3803p-2,  0x1.ebfbdff82c506p-5,
                              0x1.c6b08d71e41d3p-8,  0x1.3b2ab6fc16967p-11, 0x1.5d87f2f05448fp-15,
                              0x1.43090c9374cc8p-19, 0x1.00237ddaf4ba7p-23, 0x1.63045556bd983p-28};
  const double shift = 0x1.8p52; /* adding it leaves the nearest integer in the low bits */
  ness_v8d r[NESS_WIDEST];
  ness_v8u exponent[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u++) {
    ness_v8d shifted = z[u] + shift;
    r[u] = z[u] - (shifted - shift);
    exponent[u] = ness_bits(shifted) << 52;
    f[u] = ness_splat(p[8]);
  }
  NESS_UNROLLED for (int i = 7; i >= 0; i--) {
    NESS_UNROLLED for (int u = 0; u < n; u++) f[u] = ness_fma(f[u], r[u], ness_splat(p[i]));
  }
  NESS_UNROLLED for (int u = 0; u < n; u++) f[u] = ness_from_bits(ness_bits(f[u] * f[u]) + exponent[u]);
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
NESS_INLINE ness_v8d ness_power_of_two(ness_v8d z) {
  ness_v8d f;
  ness_power_of_two_block(1, &z, &f);
  return f;
}
