/* Elementwise functions on vectors of eight doubles, the lanes of the simulation engine. Swift turns some SIMD
   operations (square root, division, rounding, masks) into scalar loops; clang's vector extensions do not.
   Multiply-add is always fused explicitly and never by the compiler, so every processor gives the same bits.
   Polynomials: Chebyshev fits made with 40 digits, error before rounding below 4e-16 relative to the largest value. */
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

/* sin(pi y) for |y| <= 1/2 */
NESS_INLINE ness_v8d ness_sin_half_turn(ness_v8d y) {
  static const double p[8] = {0x1.921fb54442d17p+1,  -0x1.4abbce625bd83p+2, 0x1.466bc677522bdp+1,
                              -0x1.32d2cce1ea145p-1, 0x1.5078327046959p-4,  -0x1.e30631bdf732dp-8,
                              0x1.e89f6fe44fe7bp-12, -0x1.62903d02bb153p-16};
  ness_v8d w = y * y, a = ness_splat(p[7]);
#pragma clang loop unroll(full)
  for (int i = 6; i >= 0; i--) a = ness_fma(a, w, ness_splat(p[i]));
  return a * y;
}

/* cos(pi y) for |y| <= 1/2 */
NESS_INLINE ness_v8d ness_cos_half_turn(ness_v8d y) {
  static const double p[9] = {0x1.0000000000000p+0,  -0x1.3bd3cc9be45dbp+2,  0x1.03c1f081b5992p+2,
                              -0x1.55d3c7e3bfbf5p+0, 0x1.e1f506813a321p-3,   -0x1.a6d1efc8c38bep-6,
                              0x1.f9d254582ac30p-10, -0x1.b6957b54dd389p-14, 0x1.1678f9078a9b3p-18};
  ness_v8d w = y * y, a = ness_splat(p[8]);
#pragma clang loop unroll(full)
  for (int i = 7; i >= 0; i--) a = ness_fma(a, w, ness_splat(p[i]));
  return a;
}

/* 2^z for |z| < 1000 */
NESS_INLINE ness_v8d ness_power_of_two(ness_v8d z) {
  static const double p[12] = {0x1.0000000000000p+0,  0x1.62e42fefa39efp-1,  0x1.ebfbdff82c5aep-3,
                               0x1.c6b08d704a0c6p-5,  0x1.3b2ab6fb9f1a5p-7,  0x1.5d87fe78a3f9cp-10,
                               0x1.430913112c61bp-13, 0x1.ffcbfc6da6ed1p-17, 0x1.62bfc2c86d700p-20,
                               0x1.b524ebd13a55fp-24, 0x1.e6228acd1c6e5p-28, 0x1.e9ec1fcb69a7fp-32};
  const double shift = 0x1.8p52; /* adding it leaves the nearest integer in the low bits */
  ness_v8d shifted = z + shift, r = z - (shifted - shift), a = ness_splat(p[11]);
#pragma clang loop unroll(full)
  for (int i = 10; i >= 0; i--) a = ness_fma(a, r, ness_splat(p[i]));
  return ness_from_bits(ness_bits(a) + (ness_bits(shifted) << 52));
}

/* -2 ln u for any normal u > 0: u = 2^k m, sqrt(1/2) <= m < sqrt(2), -2 ln m = -4 artanh((m-1)/(m+1)) */
NESS_INLINE ness_v8d ness_minus_two_log_signed(ness_v8d u) {
  static const double p[8] = {-0x1.0000000000000p+2, -0x1.55555555555aep+0, -0x1.999999997aeaap-1,
                              -0x1.2492494513f76p-1, -0x1.c71c50004ffddp-2, -0x1.7466994f20a7cp-2,
                              -0x1.3999bf614de60p-2, -0x1.2f4d88c4fad06p-2};
  const uint64_t half_root = 0x3fe6a09e667f3bcdull; /* bits of sqrt(1/2) */
  ness_v8u b = ness_bits(u) + (0x3ff0000000000000ull - half_root);
  ness_v8d k = ness_from_bits((b >> 52) | (ness_v8u)(0x4330000000000000ull)) - (0x1p52 + 1023.0);
  ness_v8d m = ness_from_bits((b & (ness_v8u)(0xfffffffffffffull)) + half_root);
  ness_v8d s = (m - 1.0) / (m + 1.0), w = s * s, a = ness_splat(p[7]);
#pragma clang loop unroll(full)
  for (int i = 6; i >= 0; i--) a = ness_fma(a, w, ness_splat(p[i]));
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

/* Box and Muller (1958): two independent standard Gaussians are radius * (cos, sin) of a uniform angle. Half a turn of
   angle comes from one word; the radius and the sign of the cosine, for the other half, come from another. */
NESS_INLINE ness_v8d ness_gaussian_radius(ness_v8u word) {
  return ness_sqrt(ness_minus_two_log(1.0 - ness_unit_interval(word)));
}

/* radius with a random sign from bit 11 of the word, which the unit interval does not use */
NESS_INLINE ness_v8d ness_random_sign(ness_v8d radius, ness_v8u word) {
  return ness_from_bits(ness_bits(radius) ^ ((word << 52) & (ness_v8u)(0x8000000000000000ull)));
}
