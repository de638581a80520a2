/* The particle sub-step of the simulation engine; RingParticles.swift has the formulas. */
#pragma once
#include "MatchedNoise.h"

/* Vector registers: how many particles are best looked at together. */
#ifdef __AVX512F__
enum { ness_registers = 32 };
#else
enum { ness_registers = 16 };
#endif

/* What one step needs to know about the law of the particles; positions are in turns, v = cos²(theta/2). */
typedef struct {
  double amplitude;         /* of the free diffusion */
  int is_matched;           /* whether the noise is matched or Gaussian */
  ness_matched_shape noise; /* amplitude times the matched noise */
  int squarings;            /* F = (root[0] + root[1] v + ...)^(2^squarings) */
  double root[8];
} ness_ring_law;

/* How often a polynomial must be squared to make exp(range v), 0 <= v <= 1: from one on [0, 1/4], good to 1.3e-14, up to
   five times, from one on [0, 1/8], good to rounding, if more often. */
NESS_INLINE int ness_squarings(double range) {
  int squarings = 0;
  for (; range > (squarings < 6 ? 0.25 : 0.125); range *= 0.5) squarings++;
  return squarings;
}

/* F = (scale exp(exponent v))^(2^squarings), by Chebyshev fits of the exponential. */
NESS_INLINE ness_ring_law ness_make_ring_law(
    double amplitude, int is_matched, double scale, double exponent, int squarings) {
  static const double often[8] = {0x1.0000000000000p+0, 0x1.00000000000dcp+0, 0x1.ffffffffdbefcp-2,
                                  0x1.555555675883ep-3, 0x1.55554c80f6598p-5, 0x1.11136a0d3fc5dp-7,
                                  0x1.6b661d68d917bp-10, 0x1.bafc63d32d56cp-13};
  static const double p[8] = {0x1.fffffffffff8cp-1, 0x1.0000000007446p+0, 0x1.fffffff678e63p-2, 0x1.555557b5d01ebp-3,
                              0x1.5554c075f194ap-5, 0x1.1124ccc73b5abp-7, 0x1.69342cec51e48p-10,
                              0x1.d7b5a578e0ac8p-13};
  ness_ring_law law = {amplitude, is_matched, ness_matched_noise(amplitude), squarings, {0}};
  for (int i = 0; i < 8; i++, scale *= exponent) law.root[i] = scale * (squarings < 6 ? p : often)[i];
  return law;
}

/* The deterministic drift at the present displacement of the probe, with s = sin(theta/2), c = cos(theta/2), v = c²:
   displacement = s c F (first + (flat + linear v + quadratic v²) F) */
typedef struct {
  ness_v8d first, flat, linear, quadratic;
} ness_ring_drift;

/* A particle after its diffusion: position, s c and c². */
typedef struct {
  ness_v8d position, product, square;
} ness_diffused;

/* Wraps n positions y and looks at them by the sine and cosine of theta/2; for noise that keeps the divider busy. */
NESS_INLINE void ness_look(int n, ness_v8d *y, ness_diffused *out) {
  ness_v8d s[NESS_WIDEST], c[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u++) y[u] = ness_fraction(y[u]);
  ness_sincos_block(n, y, s, c);
  NESS_UNROLLED for (int u = 0; u < n; u++) out[u] = (ness_diffused){y[u], s[u] * c[u], c[u] * c[u]};
}

/* The same without a polynomial for the cosine: with t = sqrt(2) sin(theta/4) and k = sqrt(2) cos(theta/4) =
   sqrt(2 - t²) > 0, s = t k and c = 1 - t². The divider takes the root while the pipes for multiply-add are busy. */
NESS_INLINE void ness_look_by_root(int n, ness_v8d *y, ness_diffused *out) {
  static const double p[6] = {0x1.1c5831add62cfp+1,  -0x1.d3ba5c1c5941ap-1, 0x1.cda1062f57497p-4,
                              -0x1.b1e9e9ec0b2c6p-8, 0x1.dbcdf08591512p-13, -0x1.5185f98d78ed5p-18};
  ness_v8d w[NESS_WIDEST], t[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u++) {
    y[u] = ness_fraction(y[u]);
    out[u].position = y[u];
    w[u] = y[u] * y[u];
    t[u] = ness_fma(w[u], ness_splat(p[5]), ness_splat(p[4]));
  }
  NESS_UNROLLED for (int i = 3; i >= 0; i--) {
    NESS_UNROLLED for (int u = 0; u < n; u++) t[u] = ness_fma(t[u], w[u], ness_splat(p[i]));
  }
  NESS_UNROLLED for (int u = 0; u < n; u++) {
    t[u] = t[u] * y[u];
    ness_v8d square = t[u] * t[u], c = 1.0 - square;
    out[u].product = t[u] * c * ness_sqrt(2.0 - square);
    out[u].square = c * c;
  }
}

/* Diffuses n particles by matched noise, the first of them the first of its word. */
NESS_INLINE void ness_diffuse_matched(
    int n, const ness_stored *position, const ness_stored_word *words, const ness_ring_law *law, ness_diffused *out) {
  ness_v8d y[NESS_WIDEST];
  ness_add_matched(n, position, words, law->noise, y);
  ness_look_by_root(n, y, out);
}

/* Diffuses n particles by Gaussians: an even number, each pair sharing a polar Gaussian, or one. */
NESS_INLINE void ness_diffuse_gaussian(
    int n, const ness_stored *position, const ness_polar *noise, const ness_ring_law *law, ness_diffused *out) {
  ness_v8d y[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u += 2) {
    ness_v8d radius = ness_sqrt(noise[u / 2].square) * ness_splat(law->amplitude);
    y[u] = ness_fma(radius, noise[u / 2].cosine, position[u]);
    if (u + 1 < n) y[u + 1] = ness_fma(radius, noise[u / 2].sine, position[u + 1]);
  }
  ness_look(n, y, out);
}

/* Diffuses `count` particles. */
NESS_INLINE void ness_diffuse(
    const ness_stored *position, const void *noise, long count, const ness_ring_law *law, ness_diffused *out) {
  long i = 0;
  if (law->is_matched) {
    const ness_stored_word *words = noise;
    for (; i + 8 <= count; i += 8) ness_diffuse_matched(8, position + i, words + i / 4, law, out + i);
    for (; i + 4 <= count; i += 4) ness_diffuse_matched(4, position + i, words + i / 4, law, out + i);
    if (count - i == 3) ness_diffuse_matched(3, position + i, words + i / 4, law, out + i);
    if (count - i == 2) ness_diffuse_matched(2, position + i, words + i / 4, law, out + i);
    if (count - i == 1) ness_diffuse_matched(1, position + i, words + i / 4, law, out + i);
  } else {
    const ness_polar *polar = noise;
    for (; i + 8 <= count; i += 8) ness_diffuse_gaussian(8, position + i, polar + i / 2, law, out + i);
    for (; i + 2 <= count; i += 2) ness_diffuse_gaussian(2, position + i, polar + i / 2, law, out + i);
    if (i < count) ness_diffuse_gaussian(1, position + i, polar + i / 2, law, out + i);
  }
}

/* Where the noise alone takes `count` particles, not wrapped. */
NESS_INLINE void ness_diffuse_freely(
    const void *positions, const void *noise, long count, const ness_ring_law *law, void *diffused) {
  const ness_stored *from = positions;
  ness_stored *to = diffused;
  if (!law->is_matched) ness_expand_polar(noise, diffused, count);
  for (long i = 0; i < count; i++) {
    to[i] = law->is_matched ? from[i] + ness_matched_draw(noise, i, law->noise)
                            : ness_fma(ness_splat(law->amplitude), to[i], from[i]);
  }
}

/* Lets n diffused particles drift and adds them to the sums one after the other, so that n does not show. */
NESS_INLINE void ness_drift(int n, const ness_diffused *particle, const ness_ring_law *law,
                            const ness_ring_drift *drift, ness_stored *position, ness_v8d *sum, ness_v8d *response) {
  ness_v8d force[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u++)
    force[u] = ness_fma(particle[u].square, ness_splat(law->root[7]), ness_splat(law->root[6]));
  NESS_UNROLLED for (int i = 5; i >= 0; i--) {
    NESS_UNROLLED for (int u = 0; u < n; u++)
      force[u] = ness_fma(particle[u].square, force[u], ness_splat(law->root[i]));
  }
  for (int i = 0; i < law->squarings; i++) {
    NESS_UNROLLED for (int u = 0; u < n; u++) force[u] *= force[u];
  }
  NESS_UNROLLED for (int u = 0; u < n; u++) {
    ness_v8d pull = particle[u].product * force[u];
    ness_v8d gradient = ness_fma(particle[u].square, drift->quadratic, drift->linear);
    gradient = ness_fma(particle[u].square, gradient, drift->flat);
    ness_v8d displacement = pull * ness_fma(gradient, force[u], drift->first);
    *sum += force[u];
    *response = ness_fma(pull, displacement, *response);
    position[u] = particle[u].position + displacement;
  }
}

/* One step of `count` particles; returns the sum of F and leaves that of s c F times the displacement in `response`.
   `noise` holds words, or Gaussians in polar form, as the law wants. Two short passes over a buffer in the first-level
   cache: each keeps its constants in registers and has many independent chains within the reach of out-of-order
   execution. */
NESS_INLINE ness_v8d ness_advance_ring(void *positions, const void *noise, long count, const ness_ring_law *law,
                                       ness_v8d first, ness_v8d flat, ness_v8d linear, ness_v8d quadratic,
                                       void *response) {
  enum { chunk = 64, side_by_side = ness_registers == 32 ? 8 : 4 };
  ness_diffused particle[chunk];
  const ness_ring_drift drift = {first, flat, linear, quadratic};
  const long stride = law->is_matched ? chunk / ness_draws_per_word : chunk / 2 * ness_polar_vectors;
  ness_v8d sum = ness_splat(0), responded = ness_splat(0);
  for (long start = 0; start < count; start += chunk, noise = (const ness_stored *)noise + stride) {
    long here = count - start < chunk ? count - start : chunk, i = 0;
    ness_stored *at = (ness_stored *)positions + start;
    ness_diffuse(at, noise, here, law, particle);
    for (; i + side_by_side <= here; i += side_by_side)
      ness_drift(side_by_side, particle + i, law, &drift, at + i, &sum, &responded);
    for (; i < here; i++) ness_drift(1, particle + i, law, &drift, at + i, &sum, &responded);
  }
  *(ness_stored *)response = responded;
  return sum;
}
