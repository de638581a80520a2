/* Functions of formulas on parts of the lanes, over the whole range of doubles, with denormals, infinities and what is no
   number. Errors are at most two units in the last place, those of powers about |b ln a| units. No libm: every machine gives
   the same bytes.

   Polynomials are interpolated at Chebyshev nodes with 60 digits; their errors before rounding are below a fifth of a unit in
   the last place. */
#pragma once
#include "LaneParts.h"

typedef uint64_t ness_part_bits __attribute__((ext_vector_type(ness_part_lanes), aligned(16)));

NESS_INLINE ness_part ness_part_splat(double a) { return (ness_part)(a); }
NESS_INLINE ness_part ness_part_fma(ness_part a, ness_part b, ness_part c) { return __builtin_elementwise_fma(a, b, c); }
NESS_INLINE ness_part ness_part_abs(ness_part a) { return __builtin_elementwise_abs(a); }
NESS_INLINE ness_part ness_part_select(ness_part_bits mask, ness_part a, ness_part b) {
  return (ness_part)((mask & (ness_part_bits)a) | (~mask & (ness_part_bits)b));
}
NESS_INLINE int ness_part_all(ness_part_bits mask) { return __builtin_reduce_and(mask) != 0; }
#define NESS_PART_MASK(comparison) ((ness_part_bits)(comparison))
/* A polynomial with the coefficients `c` from the constant upwards. */
#define NESS_PART_HORNER(c, x, sum)                                                                                        \
  ness_part sum = ness_part_splat(c[sizeof(c) / sizeof(c[0]) - 1]);                                                        \
  NESS_UNROLLED for (int ness_i = (int)(sizeof(c) / sizeof(c[0])) - 2; ness_i >= 0; ness_i--)                              \
    sum = ness_part_fma(sum, x, ness_part_splat(c[ness_i]))

static const double ness_to_whole = 0x1.8p52; /* x + this - this is the nearest whole number of x < 2^51 */

/* e^x = 2^k (1 + m), |x| < 1000. The bits of `shifted` end with k. */
typedef struct {
  ness_part m, shifted;
} ness_part_exponential;
NESS_INLINE ness_part_exponential ness_part_reduced_exp(ness_part x) {
  static const double c[] = {0x1p-1,
                             0x1.5555555555556p-3,
                             0x1.5555555555555p-5,
                             0x1.11111111109b3p-7,
                             0x1.6c16c16c167e1p-10,
                             0x1.a01a01a7c41d5p-13,
                             0x1.a01a01a47b054p-16,
                             0x1.71de0dae63bb3p-19,
                             0x1.27e4e1f48534fp-22,
                             0x1.af38a9b0ec855p-26,
                             0x1.1f66df7fca49fp-29};
  ness_part shifted = ness_part_fma(x, ness_part_splat(0x1.71547652b82fep+0), ness_part_splat(ness_to_whole));
  ness_part k = shifted - ness_to_whole;
  ness_part high = ness_part_fma(-k, ness_part_splat(0x1.62e42fefa39efp-1), x);
  ness_part r = ness_part_fma(-k, ness_part_splat(0x1.abc9e3b39803fp-56), high);
  ness_part rest = ness_part_fma(-k, ness_part_splat(0x1.abc9e3b39803fp-56), high - r);
  NESS_PART_HORNER(c, r, q);
  return (ness_part_exponential){r + ness_part_fma(r * r, q, rest), shifted};
}

/* 2^k for |k| < 1000, k at the end of the bits. */
NESS_INLINE ness_part ness_part_power_of_two(ness_part_bits k) { return (ness_part)((k + 1023) << 52); }

/* (1 + m) 2^(k + more), rounded once. */
NESS_INLINE ness_part ness_part_scaled_exp(ness_part_exponential e, int64_t more) {
  ness_part_bits k = (ness_part_bits)e.shifted - (0x4338000000000000ull - 4096 - (uint64_t)more), half = k >> 1;
  return (1.0 + e.m) * ness_part_power_of_two(half - 2048) * ness_part_power_of_two(k - half - 2048);
}

/* Within [-limit, limit]; what is no number stays so. */
NESS_INLINE ness_part ness_part_clamped(ness_part x, double limit) {
  x = ness_part_select(NESS_PART_MASK(x > limit), ness_part_splat(limit), x);
  return ness_part_select(NESS_PART_MASK(x < -limit), ness_part_splat(-limit), x);
}

NESS_INLINE ness_part ness_part_exp(ness_part x) {
  return ness_part_scaled_exp(ness_part_reduced_exp(ness_part_clamped(x, 800)), 0);
}

NESS_INLINE ness_part ness_part_log(ness_part x) {
  static const double c[] = {0x1.5555555555558p-1, 0x1.9999999995273p-2, 0x1.2492492dfd86cp-2, 0x1.c71c62d5e53e0p-3,
                             0x1.7462b91b8df65p-3, 0x1.39fdcceb4bb45p-3, 0x1.2b5f68a50d903p-3};
  const uint64_t half_root = 0x3fe6a09e667f3bcdull; /* bits of sqrt(1/2) */
  ness_part_bits is_tiny = NESS_PART_MASK(x < 0x1p-1022);
  ness_part scaled = ness_part_select(is_tiny, x * 0x1p54, x);
  /* x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2) */
  ness_part_bits b = (ness_part_bits)scaled + (0x3ff0000000000000ull - half_root);
  ness_part k = (ness_part)((b >> 52) | 0x4330000000000000ull) - (0x1p52 + 1023.0);
  k -= (ness_part)(is_tiny & (ness_part_bits)ness_part_splat(54.0));
  ness_part f = (ness_part)((b & 0xfffffffffffffull) + half_root) - 1.0;
  /* ln(1 + f) = f - f²/2 + s (f²/2 + R), s = f/(2 + f), R = (2 artanh s - 2 s)/s */
  ness_part s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
  NESS_PART_HORNER(c, z, series);
  ness_part small = ness_part_fma(s, ness_part_fma(z, series, half), k * 0x1.abc9e3b39803fp-56);
  ness_part result = ness_part_fma(k, ness_part_splat(0x1.62e42fefa39efp-1), f - (half - small));
  /* Not less than infinity, no number, negative, or 0 */
  result = ness_part_select(NESS_PART_MASK(x < __builtin_inf()), result, x);
  result = ness_part_select(NESS_PART_MASK(x < 0.0), ness_part_splat(__builtin_nan("")), result);
  return ness_part_select(NESS_PART_MASK(x == 0.0), ness_part_splat(-__builtin_inf()), result);
}

/* x = k pi/2 + y + rest, |y| <= pi/4; k at the end of the bits of `shifted`. */
typedef struct {
  ness_part y, rest, shifted;
} ness_part_angle;

/* 2/pi in binary: 64 zeros, then the digits behind the point. */
static const uint64_t ness_two_over_pi[] = {
    0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
    0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
    0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d, 0xa9e391615ee61b08};

/* The same for one finite number of 2^30 or more, by those digits of 2/pi that matter (Payne and Hanek 1983). */
static __attribute__((noinline)) void ness_reduce_large_angle(double x, double *y, double *rest, double *shifted) {
  union {
    double number;
    uint64_t bits;
  } u = {x};
  uint64_t mantissa = (u.bits & 0xfffffffffffffull) | 0x10000000000000ull;
  /* x = mantissa 2^e; digits of 2/pi above 2^(2 - e) give multiples of four quarter turns. */
  int e = (int)((u.bits >> 52) & 0x7ff) - 1075, first = 64 + e - 2, word = first / 64, shift = first % 64;
  uint64_t digits[3], turn[3];
  for (int i = 0; i < 3; i++)
    digits[i] = shift ? ness_two_over_pi[word + i] << shift | ness_two_over_pi[word + i + 1] >> (64 - shift)
                      : ness_two_over_pi[word + i];
  /* Quarter turns modulo four, two binary digits before the point: mantissa * digits modulo 2^192. */
  unsigned __int128 low = (unsigned __int128)mantissa * digits[2];
  unsigned __int128 middle = (unsigned __int128)mantissa * digits[1] + (uint64_t)(low >> 64);
  turn[2] = (uint64_t)low;
  turn[1] = (uint64_t)middle;
  turn[0] = mantissa * digits[0] + (uint64_t)(middle >> 64);
  uint64_t k = (turn[0] + 0x2000000000000000ull) >> 62;
  turn[0] -= k << 62;
  int is_negative = turn[0] >> 63;
  if (is_negative) {
    unsigned __int128 lower = -(((unsigned __int128)turn[1] << 64) | turn[2]);
    turn[0] = ~turn[0] + (lower == 0);
    turn[1] = (uint64_t)(lower >> 64);
    turn[2] = (uint64_t)lower;
  }
  int exponent = -62; /* turn[0] counts 2^-62 quarter turns */
  while (turn[0] >> 63 == 0) {
    turn[0] = turn[0] << 1 | turn[1] >> 63;
    turn[1] = turn[1] << 1 | turn[2] >> 63;
    turn[2] <<= 1;
    exponent--; /* ends: no double comes nearer to a multiple of pi/2 than 2^-62 */
  }
  /* The leading 53 digits and the next 53, scaled exactly. */
  u.bits = (uint64_t)(exponent + 1023) << 52;
  double high = (double)(turn[0] >> 11) * 0x1p11 * u.number;
  double next = (double)((turn[0] & 0x7ff) << 42 | turn[1] >> 22) * 0x1p-42 * u.number;
  double product = high * 0x1.921fb54442d18p+0;
  double error = __builtin_fma(high, 0x1.921fb54442d18p+0, -product);
  error = __builtin_fma(next, 0x1.921fb54442d18p+0, __builtin_fma(high, 0x1.1a62633145c07p-54, error));
  double sign = is_negative ? -1.0 : 1.0;
  if (x < 0) {
    sign = -sign;
    k = -k;
  }
  *y = sign * (product + error);
  *rest = sign * (error - ((product + error) - product));
  *shifted = (double)(k & 3) + ness_to_whole;
}

/* Angles that are larger than 2^30 in some lane. */
static __attribute__((noinline)) void ness_part_reduce_large_angles(const ness_part *x, ness_part_angle *angle) {
  for (int lane = 0; lane < ness_part_lanes; lane++) {
    double number = (*x)[lane], y, rest, shifted;
    if (__builtin_fabs(number) <= 0x1p30) continue;
    if (__builtin_fabs(number) < __builtin_inf()) {
      ness_reduce_large_angle(number, &y, &rest, &shifted);
    } else {
      y = rest = shifted = __builtin_nan("");
    }
    angle->y[lane] = y;
    angle->rest[lane] = rest;
    angle->shifted[lane] = shifted;
  }
}

/* pi/2 is taken away in three parts, each of 53 digits: exact to 2^-150 k. */
NESS_INLINE ness_part_angle ness_part_reduced_angle(ness_part x) {
  ness_part_angle angle;
  angle.shifted = ness_part_fma(x, ness_part_splat(0x1.45f306dc9c883p-1), ness_part_splat(ness_to_whole));
  ness_part k = angle.shifted - ness_to_whole;
  ness_part first = ness_part_fma(-k, ness_part_splat(0x1.921fb54442d18p+0), x);
  ness_part second = k * 0x1.1a62633145c07p-54;
  ness_part lost = ness_part_fma(k, ness_part_splat(0x1.1a62633145c07p-54), -second);
  lost = ness_part_fma(k, ness_part_splat(-0x1.f1976b7ed8fbcp-110), lost);
  angle.y = first - second;
  angle.rest = ((first - angle.y) - second) - lost;
  if (!ness_part_all(NESS_PART_MASK(ness_part_abs(x) <= 0x1p30))) ness_part_reduce_large_angles(&x, &angle);
  return angle;
}

NESS_INLINE ness_part ness_part_reduced_sin(ness_part_angle a) {
  static const double c[] = {-0x1.5555555555555p-3,  0x1.1111111110bb2p-7,   -0x1.a01a019e83816p-13,
                             0x1.71de379654304p-19,  -0x1.ae600aca92c64p-26, 0x1.5e0b05bff20f2p-33};
  ness_part z = a.y * a.y;
  NESS_PART_HORNER(c, z, series);
  /* sin(y + rest) = y + rest (1 - y²/2) + y³ series */
  ness_part rest = ness_part_fma(z * -0.5, a.rest, a.rest);
  return a.y + ness_part_fma(z * a.y, series, rest);
}

NESS_INLINE ness_part ness_part_reduced_cos(ness_part_angle a) {
  static const double c[] = {0x1.5555555555555p-5,   -0x1.6c16c16c16967p-10, 0x1.a01a019f4e9b4p-16,
                             -0x1.27e4fa17bf139p-22, 0x1.1eeb68cd22f56p-29,  -0x1.907d8f29fe831p-37};
  ness_part z = a.y * a.y, half = 0.5 * z, high = 1.0 - half;
  NESS_PART_HORNER(c, z, series);
  return high + (((1.0 - high) - half) + ness_part_fma(z * z, series, -(a.y * a.rest)));
}

/* The sine of an angle and `quarters` quarter turns. */
NESS_INLINE ness_part ness_part_sine(ness_part x, uint64_t quarters) {
  ness_part_angle a = ness_part_reduced_angle(x);
  ness_part_bits k = (ness_part_bits)a.shifted + quarters;
  ness_part value = ness_part_select(0 - (k & 1), ness_part_reduced_cos(a), ness_part_reduced_sin(a));
  return (ness_part)((ness_part_bits)value ^ ((k & 2) << 62));
}

NESS_INLINE ness_part ness_part_tan(ness_part x) {
  ness_part_angle a = ness_part_reduced_angle(x);
  ness_part sine = ness_part_reduced_sin(a), cosine = ness_part_reduced_cos(a);
  ness_part_bits is_odd = 0 - ((ness_part_bits)a.shifted & 1);
  return ness_part_select(is_odd, -cosine, sine) / ness_part_select(is_odd, sine, cosine);
}

NESS_INLINE ness_part ness_part_with_sign_of(ness_part magnitude, ness_part x) {
  return (ness_part)((ness_part_bits)magnitude | ((ness_part_bits)x & 0x8000000000000000ull));
}

/* e^|x|/2, finite for every x whose sinh is. */
NESS_INLINE ness_part ness_part_half_exp(ness_part x) {
  return ness_part_scaled_exp(ness_part_reduced_exp(ness_part_abs(ness_part_clamped(x, 800))), -1);
}

NESS_INLINE ness_part ness_part_sinh(ness_part x) {
  static const double c[] = {0x1.5555555555555p-3,  0x1.11111111110fdp-7,  0x1.a01a01a01ee70p-13, 0x1.71de3a4e14f40p-19,
                             0x1.ae6460fae3728p-26, 0x1.611cb330c1fe8p-33, 0x1.b41232cf9950fp-41};
  ness_part z = x * x, half = ness_part_half_exp(x);
  NESS_PART_HORNER(c, z, series);
  ness_part large = ness_part_with_sign_of(half - 0.25 / half, x);
  return ness_part_select(NESS_PART_MASK(z < 1.0), ness_part_fma(z * x, series, x), large);
}

NESS_INLINE ness_part ness_part_cosh(ness_part x) {
  ness_part half = ness_part_half_exp(x);
  return half + 0.25 / half;
}

/* x + x³ p(x²)/q(x²), or 1 - 2/(e^2x + 1) */
NESS_INLINE ness_part ness_part_tanh(ness_part x) {
  static const double p[] = {-0x1p+0, -0x1.f7c52d6c631f2p-5, -0x1.3941aa5f22f9dp-11};
  static const double q[] = {0x1.8p+1, 0x1.626daf755c7adp+0, 0x1.1e32c85b1472bp-4, 0x1.44d3084bf8d6dp-11};
  ness_part size = ness_part_abs(ness_part_clamped(x, 20)), z = size * size;
  NESS_PART_HORNER(p, z, over);
  NESS_PART_HORNER(q, z, under);
  ness_part_exponential e = ness_part_reduced_exp(2.0 * size);
  ness_part scale = ness_part_power_of_two((ness_part_bits)e.shifted);
  ness_part_bits is_small = NESS_PART_MASK(size < 0.63);
  over = ness_part_select(is_small, size * z * over, ness_part_splat(-2.0));
  under = ness_part_select(is_small, under, ness_part_fma(scale, e.m, scale) + 1.0);
  return ness_part_with_sign_of(ness_part_select(is_small, size, ness_part_splat(1.0)) + over / under, x);
}

NESS_INLINE ness_part ness_part_sign(ness_part x) {
  ness_part one = ness_part_with_sign_of(ness_part_splat(1.0), x);
  return ness_part_select(NESS_PART_MASK(x > 0.0) | NESS_PART_MASK(x < 0.0), one, x);
}

NESS_INLINE ness_part ness_part_min(ness_part a, ness_part b) {
  return ness_part_select(NESS_PART_MASK(a < b) | NESS_PART_MASK(a != a), a, b);
}
NESS_INLINE ness_part ness_part_max(ness_part a, ness_part b) {
  return ness_part_select(NESS_PART_MASK(a > b) | NESS_PART_MASK(a != a), a, b);
}

/* a^n by repeated multiplication */
NESS_INLINE ness_part ness_part_whole_power(ness_part a, uint64_t n) {
  ness_part result = n & 1 ? a : ness_part_splat(1.0);
  while (n >>= 1) {
    a *= a;
    if (n & 1) result *= a;
  }
  return result;
}

/* a^b = exp(b ln a). A negative a has whole powers only. */
NESS_INLINE ness_part ness_part_power(ness_part a, ness_part b) {
  ness_part size = ness_part_exp(b * ness_part_log(ness_part_abs(a)));
  ness_part half = b * 0.5;
  ness_part_bits is_whole = NESS_PART_MASK(__builtin_elementwise_roundeven(b) == b);
  ness_part_bits is_odd = is_whole & NESS_PART_MASK(__builtin_elementwise_roundeven(half) != half);
  ness_part_bits is_negative = NESS_PART_MASK(a < 0.0);
  size = ness_part_select(is_negative & is_odd, -size, size);
  size = ness_part_select(is_negative & ~is_whole, ness_part_splat(__builtin_nan("")), size);
  return ness_part_select(NESS_PART_MASK(b == 0.0), ness_part_splat(1.0), size);
}
