/* Elementwise functions on vectors of eight doubles, the lanes of the simulation engine. Swift turns some SIMD
   operations (square root, division, rounding, masks) into scalar loops; clang's vector extensions do not.
   Multiply-add is always fused explicitly and never by the compiler, so every processor gives the same bits.
   Polynomials: Chebyshev fits made with 50 digits and no longer than needed: error before rounding below 1e-14 of the
   largest value for sine and cosine, 3e-16 for logarithms. */
#pragma once
#pragma STDC FP_CONTRACT OFF
#include <stdint.h>

typedef double ness_v8d __attribute__((ext_vector_type(8)));
typedef uint64_t ness_v8u __attribute__((ext_vector_type(8)));

#define NESS_INLINE static inline __attribute__((always_inline))

NESS_INLINE ness_v8d ness_splat(double a) { return (ness_v8d)(a); }
NESS_INLINE ness_v8u ness_bits(ness_v8d a) { return (ness_v8u)a; }
NESS_INLINE ness_v8d ness_from_bits(ness_v8u a) { return (ness_v8d)a; }

/* a b + c, rounded once */
NESS_INLINE ness_v8d ness_fma(ness_v8d a, ness_v8d b, ness_v8d c) { return __builtin_elementwise_fma(a, b, c); }

NESS_INLINE ness_v8d ness_sqrt(ness_v8d a) { return __builtin_elementwise_sqrt(a); }
NESS_INLINE ness_v8d ness_divide(ness_v8d a, ness_v8d b) { return a / b; }

/* a minus the nearest integer, in [-1/2, 1/2] */
NESS_INLINE ness_v8d ness_fraction(ness_v8d a) { return a - __builtin_elementwise_roundeven(a); }

/* [0, 1) from the upper 52 bits of a word */
NESS_INLINE ness_v8d ness_unit_interval(ness_v8u word) {
  return ness_from_bits((word >> 12) | (ness_v8u)(0x3ff0000000000000ull)) - 1.0;
}

/* -2 ln u for any normal u > 0: u = 2^k m, sqrt(1/2) <= m < sqrt(2), -2 ln m = -4 artanh((m-1)/(m+1)) */
NESS_INLINE ness_v8d ness_minus_two_log_signed(ness_v8d u) {
  static const double p[7] = {-0x1.0000000000001p+2, -0x1.5555555552d50p+0, -0x1.999999a435066p-1,
                              -0x1.249240b87155dp-1, -0x1.c722cceee92f4p-2, -0x1.732320a9c93b0p-2,
                              -0x1.58d5d4a93822dp-2};
  const uint64_t half_root = 0x3fe6a09e667f3bcdull; /* bits of sqrt(1/2) */
  ness_v8u b = ness_bits(u) + (0x3ff0000000000000ull - half_root);
  ness_v8d k = ness_from_bits((b >> 52) | (ness_v8u)(0x4330000000000000ull)) - (0x1p52 + 1023.0);
  ness_v8d m = ness_from_bits((b & (ness_v8u)(0xfffffffffffffull)) + half_root);
  ness_v8d s = (m - 1.0) / (m + 1.0), w = s * s, a = ness_splat(p[6]);
#pragma clang loop unroll(full)
  for (int i = 5; i >= 0; i--) a = ness_fma(a, w, ness_splat(p[i]));
  return ness_fma(k, ness_splat(-2 * 0x1.62e42fefa39efp-1), a * s);
}

/* -2 ln u for u in (0, 1], never below 0 */
NESS_INLINE ness_v8d ness_minus_two_log(ness_v8d u) { return __builtin_elementwise_abs(ness_minus_two_log_signed(u)); }

/* Masks: a lane is all ones (true) or all zeros (false). Comparisons with NaN are false. */
NESS_INLINE ness_v8u ness_less_or_equal(ness_v8d a, ness_v8d b) { return (ness_v8u)(a <= b); }
NESS_INLINE ness_v8u ness_less(ness_v8d a, ness_v8d b) { return (ness_v8u)(a < b); }
NESS_INLINE ness_v8d ness_select(ness_v8u mask, ness_v8d a, ness_v8d b) {
  return ness_from_bits((mask & ness_bits(a)) | (~mask & ness_bits(b)));
}
NESS_INLINE int ness_any(ness_v8u mask) { return __builtin_reduce_or(mask) != 0; }

#include "LaneNoise.h"
#include "MatchedNoise.h"
#include "VectorUnit.h"
#include "RingDrift.h"
#include "LaneParts.h"
#include "ChainSweep.h"
#include "FormulaFunctions.h"
#include "FormulaMachine.h"
#include "NetworkSweep.h"
#include "LinearForms.h"
