/* Lets the engine's kernels work for a while and prints hashes of what they leave: the same on every processor. */
#include "CVectorMath.h"
#include <stdio.h>

static uint64_t hash(const void *start, long bytes) {
  const unsigned char *byte = start;
  uint64_t hash = 0xcbf29ce484222325ull;
  for (long i = 0; i < bytes; i++) hash = (hash ^ byte[i]) * 0x100000001b3ull;
  return hash;
}

enum { particles = 41, sites = 67, steps = 2000 };
static _Alignas(64) ness_v8d noise[256], position[64], gaussians[2048], displacement[sites + 2], velocity[sites + 2],
    kinetic[sites + 2], pull[64];

int main(void) {
  _Alignas(64) ness_words words;
  uint64_t seed = 88172645463325252ull, *state = (uint64_t *)&words;
  for (int i = 0; i < 32; i++) state[i] = seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
  ness_v8d sum = ness_splat(0), response;
  for (int matched = 0; matched < 2; matched++) {
    for (int i = 0; i < particles; i++)
      for (int lane = 0; lane < 8; lane++) position[i][lane] = ((i * 8 + lane) % 97) / 97.0 - 0.5;
    ness_ring_law law = ness_make_ring_law(0.01, matched, 1, 0.25, 4);
    for (int step = 0; step < steps; step++) {
      if (matched) ness_fill_words(&words, noise, (particles + 3) / 4);
      else ness_fill_polar(&words, noise, (particles + 1) / 2);
      ness_v8d small = ness_splat(1e-3);
      sum += ness_advance_ring(position, noise, particles, &law, small, -small * small, small * small * 6,
                               small * small * -8, &response);
      sum += response;
    }
    printf("%016llx ", (unsigned long long)hash(position, particles * sizeof *position));
  }
  ness_fill_gaussians(&words, gaussians, 2048);
  for (int i = 0; i < sites; i++) velocity[i] = gaussians[i];
  for (int quartic = 0; quartic < 2; quartic++)
    for (int step = 0; step < steps; step++) {
      ness_bond_law law = {0.01, 0.01, quartic * 0.01};
      ness_sweep_twice(step % 3, displacement, velocity, kinetic, pull, 1, sites - 1, law);
      ness_sweep_once(step % 2, displacement, velocity, kinetic, pull, 1, sites - 1, law);
    }
  /* Every instruction of formulas, for numbers of all sizes; what is no number may have any bits. */
  enum { formulas = 256 };
  static _Alignas(64) ness_v8d x[formulas], value[formulas];
  static const double numbers[] = {0.3, -1.7, 2.5, 0.1, -0.4};
  uint64_t functions = 0;
  for (int i = 0; i < formulas; i++) {
    for (int lane = 0; lane < 8; lane++) x[i][lane] = gaussians[i][lane] * ness_from_bits((ness_v8u)((uint64_t)(1013 + i % 24) << 52))[0];
    if (i % 16 == 0) x[i] = ness_from_bits(((ness_v8u)gaussians[i] << 3) ^ ((ness_v8u)gaussians[i + 1] << 9));
  }
  for (int operation = 0; operation <= ness_operation_sign; operation++) {
    ness_instruction program[] = {{ness_operation_subtract, 2, 0, -1, 0, 0, 0, 0}, {operation, 1, 0, 2, -2, 2, 5, 0}};
    ness_run_formula(program, 2, numbers, x, value, formulas, 16, noise);
    for (int i = 0; i < formulas; i++) value[i] = ness_select((ness_v8u)(value[i] == value[i]), value[i], ness_splat(0));
    functions = functions * 31 + hash(value, sizeof value);
  }
  printf("%016llx ", (unsigned long long)functions);
  /* Rows of a network: all kinds of bonds and fields, with and without sites below. */
  uint64_t rows = 0;
  ness_slope laws[] = {{{0.1, 1}, ness_slope_linear}, {{0, 1, -0.1, 0.3}, ness_slope_cubic},
                       {{0, 1, 0, 0.1, 0, 0.01}, ness_slope_quintic}, {{0, 1, 0, 0.1, 0, 0.01, 0.02, 0.01}, ness_slope_septic},
                       {{1, 0.3, 0.2}, ness_slope_sided}, {{1, 0.3, 0, 0.1, 0.05}, ness_slope_long_sided},
                       ness_make_sine(0.7, 1.3, 0.1, 0.5, -0.1)};
  enum { side = 8, all = 64 };
  double kick[all];
  for (int i = 0; i < all; i++) kick[i] = i % 9 ? 0.02 : 0;
  for (int bond = 0; bond < 7; bond++)
    for (int field = 0; field < 8; field++)
      for (int below = 0; below <= side; below += side) {
        static _Alignas(64) ness_v8d q[all], v[all], force[all];
        for (int i = 0; i < all; i++) q[i] = gaussians[i], v[i] = gaussians[all + i];
        for (int step = 0; step < 50; step++) {
          ness_drift_sites(q, v, force, 0, below ? side : 1, 0.02);
          long end = below ? all - side : all;
          for (long first = 0; first < end; first += side)
            ness_sweep_row(q, v, force, kick, first, first + side, !below && first + side < all, below, 1, 0.02, &laws[bond],
                           field ? &laws[field - 1] : 0);
          if (below) ness_sweep_row(q, v, force, kick, end, all, 0, 0, 0, 0.02, &laws[bond], field ? &laws[field - 1] : 0);
        }
        rows = rows * 31 + (hash(q, sizeof q) ^ hash(v, sizeof v) ^ hash(force, sizeof force));
      }
  printf("%016llx ", (unsigned long long)rows);
  printf("%016llx %016llx %016llx\n", (unsigned long long)hash(gaussians, sizeof gaussians),
         (unsigned long long)hash(&sum, sizeof sum),
         (unsigned long long)(hash(displacement, sizeof displacement) ^ hash(kinetic, sizeof kinetic)));
}
