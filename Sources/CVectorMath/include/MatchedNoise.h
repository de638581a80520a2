/* Noise whose moments 1 to 9 are those of a standard Gaussian; Documentation/Theory/matched-noise.md. */
#pragma once
#include "LaneNoise.h"

/* Draws from one word. */
enum { ness_draws_per_word = 4 };

/* xi = x (p[0] + p[1] x² + p[2] x⁴ + p[3] x⁶), x uniform on the 4096 points (2 k + 1)/4096 - 1: solved with 40 digits for
   the moments 1, 3, 15 and 105 on just these points. */
typedef struct {
  double p[4];
} ness_matched_shape;

/* The shape of `scale` times the noise. */
NESS_INLINE ness_matched_shape ness_matched_noise(double scale) {
  return (ness_matched_shape){{scale * 0x1.3458c3cb251d1p+2, scale * -0x1.d344b01b19791p+5,
                               scale * 0x1.1fb166eac9d51p+7, scale * -0x1.76fdb62f28c00p+6}};
}

/* x from the 12 bits of a word that belong to draw `which`; the four lowest bits, the weak ones, belong to none. They
   stay where they are and become part of the mantissa of a power of two whose last places are just theirs. */
NESS_INLINE ness_v8d ness_grid_point(ness_v8u word, int which) {
  const int low = 4 + 12 * which, power = 41 - low;
  const uint64_t mask = 0xfffull << low, exponent = (uint64_t)(1023 + power) << 52;
  return ness_from_bits((word & (ness_v8u)(mask)) | (ness_v8u)(exponent)) - ((double)(1ull << power) + 1 - 0x1p-12);
}

NESS_INLINE ness_v8d ness_shape_noise(ness_v8d x, ness_matched_shape shape) {
  ness_v8d w = x * x, a = ness_fma(w, ness_splat(shape.p[3]), ness_splat(shape.p[2]));
  a = ness_fma(w, a, ness_splat(shape.p[1]));
  return x * ness_fma(w, a, ness_splat(shape.p[0]));
}

/* Draw number `index` from an array of words. */
NESS_INLINE ness_v8d ness_matched_draw(const void *words, long index, ness_matched_shape shape) {
  ness_v8u word = ((const ness_stored_word *)words)[index / ness_draws_per_word];
  switch (index % ness_draws_per_word) {
  case 0: return ness_shape_noise(ness_grid_point(word, 0), shape);
  case 1: return ness_shape_noise(ness_grid_point(word, 1), shape);
  case 2: return ness_shape_noise(ness_grid_point(word, 2), shape);
  default: return ness_shape_noise(ness_grid_point(word, 3), shape);
  }
}

/* y[u] = start[u] + noise for n draws in a row, the first of them the first of its word; n is a literal. */
NESS_INLINE void ness_add_matched(
    int n, const ness_stored *start, const ness_stored_word *words, ness_matched_shape shape, ness_v8d *y) {
  ness_v8d x[NESS_WIDEST], w[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u++) {
    x[u] = ness_grid_point(words[u / ness_draws_per_word], u % ness_draws_per_word);
    w[u] = x[u] * x[u];
    y[u] = ness_fma(w[u], ness_splat(shape.p[3]), ness_splat(shape.p[2]));
  }
  NESS_UNROLLED for (int i = 1; i >= 0; i--) {
    NESS_UNROLLED for (int u = 0; u < n; u++) y[u] = ness_fma(w[u], y[u], ness_splat(shape.p[i]));
  }
  NESS_UNROLLED for (int u = 0; u < n; u++) y[u] = ness_fma(x[u], y[u], start[u]);
}

/* Fills `words`, an array of `ness_v8u`. */
NESS_INLINE void ness_fill_words(void *state, void *words, long count) {
  ness_words now = *(ness_words *)state;
  for (long i = 0; i < count; i++) ((ness_stored_word *)words)[i] = ness_next_word(&now);
  *(ness_words *)state = now;
}
