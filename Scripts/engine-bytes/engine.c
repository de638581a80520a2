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
  printf("%016llx %016llx %016llx\n", (unsigned long long)hash(gaussians, sizeof gaussians),
         (unsigned long long)hash(&sum, sizeof sum),
         (unsigned long long)(hash(displacement, sizeof displacement) ^ hash(kinetic, sizeof kinetic)));
}
