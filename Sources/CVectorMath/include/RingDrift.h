/* The particle sub-step of the simulation engine; RingParticles.swift has the formulas. */
#pragma once
#include "LaneNoise.h"

/* What one step needs to know about the law of the particles; positions are in turns. */
typedef struct {
  double amplitude;     /* of the free diffusion */
  double slope, offset; /* log2 F = slope sin²(theta/2) + offset */
} ness_ring_law;

/* The deterministic drift at the present displacement of the probe, with s = sin(theta/2), c = cos(theta/2):
   displacement = s c F (first + (flat + linear s² + quadratic s⁴) F) */
typedef struct {
  ness_v8d first, flat, linear, quadratic;
} ness_ring_drift;

/* A particle after its diffusion: position, s c and s². */
typedef struct {
  ness_v8d position, product, square;
} ness_diffused;

/* Diffuses n particles: an even number, each pair sharing a polar Gaussian, or one. */
NESS_INLINE void ness_diffuse(
    int n, const ness_stored *position, const ness_polar *noise, ness_ring_law law, ness_diffused *out) {
  ness_v8d y[NESS_WIDEST], s[NESS_WIDEST], c[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u += 2) {
    ness_v8d radius = ness_sqrt(noise[u / 2].square) * ness_splat(law.amplitude);
    y[u] = ness_fma(radius, noise[u / 2].cosine, position[u]);
    if (u + 1 < n) y[u + 1] = ness_fma(radius, noise[u / 2].sine, position[u + 1]);
  }
  NESS_UNROLLED for (int u = 0; u < n; u++) y[u] = ness_fraction(y[u]);
  ness_sincos_block(n, y, s, c);
  NESS_UNROLLED for (int u = 0; u < n; u++) {
    out[u].position = y[u];
    out[u].product = s[u] * c[u];
    out[u].square = s[u] * s[u];
  }
}

/* Lets n diffused particles drift and adds them to the sums one after the other, so that n does not show. */
NESS_INLINE void ness_drift(int n, const ness_diffused *particle, ness_ring_law law, const ness_ring_drift *drift,
                            ness_stored *position, ness_v8d *sum, ness_v8d *response) {
  ness_v8d z[NESS_WIDEST], force[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u++)
    z[u] = ness_fma(particle[u].square, ness_splat(law.slope), ness_splat(law.offset));
  ness_power_of_two_block(n, z, force);
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
   Two short passes over a buffer in the first-level cache: each keeps its constants in registers and has many
   independent chains within the reach of out-of-order execution. */
NESS_INLINE ness_v8d ness_advance_ring(void *positions, const void *noise, long count, ness_ring_law law,
                                       ness_v8d first, ness_v8d flat, ness_v8d linear, ness_v8d quadratic,
                                       void *response) {
  enum { chunk = 64 };
  ness_diffused particle[chunk];
  const ness_ring_drift drift = {first, flat, linear, quadratic};
  ness_v8d sum = ness_splat(0), responded = ness_splat(0);
  for (long start = 0; start < count; start += chunk) {
    long here = count - start < chunk ? count - start : chunk, i = 0;
    ness_stored *at = (ness_stored *)positions + start;
    const ness_polar *polar = (const ness_polar *)noise + start / 2;
    for (; i + 8 <= here; i += 8) ness_diffuse(8, at + i, polar + i / 2, law, particle + i);
    for (; i + 2 <= here; i += 2) ness_diffuse(2, at + i, polar + i / 2, law, particle + i);
    if (i < here) ness_diffuse(1, at + i, polar + i / 2, law, particle + i);
    for (i = 0; i + 8 <= here; i += 8) ness_drift(8, particle + i, law, &drift, at + i, &sum, &responded);
    for (; i < here; i++) ness_drift(1, particle + i, law, &drift, at + i, &sum, &responded);
  }
  *(ness_stored *)response = responded;
  return sum;
}
