/* The sweep of the simulation engine along a chain: drift, bond forces, kick and kinetic temperature of a site in one go,
   for two successive steps in one pass. */
#pragma once
#include "CVectorMath.h"

/* Constants of a step: its length h, h k/m of every bond, h beta/m of its quartic part. */
typedef struct {
  double time_step, spring, quartic;
} ness_bond_law;

/* What a bond pulls with at a stretch r: r itself if it is harmonic, else the velocity h (k r + beta r³)/m. */
NESS_INLINE ness_v8d ness_bond_pull(ness_v8d stretch, ness_bond_law law, int quartic) {
  return quartic ? stretch * ness_fma(stretch * stretch, ness_splat(law.quartic), ness_splat(law.spring)) : stretch;
}

/* What the bonds at its right and at its left add to the velocity of a site. */
NESS_INLINE ness_v8d ness_bond_kick(ness_v8d right, ness_v8d left, ness_bond_law law, int quartic) {
  return quartic ? right - left : (right - left) * law.spring;
}

/* Does `stages` successive steps of the sites first, ..., last - 1, none of which touches a bath or is pinned: while the
   first step is at site i, step s is at site i - s, where all that it needs has just been done and is still in registers.

   Before and after, displacements up to `first + 1 - s` of step s have drifted and its velocities up to `first - 1 - s`
   been kicked, and `pull[s]` is that of the bond at the left of its site. `kinetic` sums the squares of the velocities. */
NESS_INLINE void ness_sweep(int stages, int quartic, ness_stored *displacement, ness_stored *velocity,
                            ness_stored *kinetic, ness_stored *pull, long first, long last, ness_bond_law law) {
  enum { most = 2 };
  ness_v8d q[most], v[most], k[most], p[most];
  NESS_UNROLLED for (int s = 0; s < stages; s++) {
    q[s] = displacement[first - s];
    v[s] = velocity[first - s];
    k[s] = kinetic[first - s];
    p[s] = pull[s];
  }
  for (long site = first; site < last; site++) {
    ness_v8d next_q = displacement[site + 1], next_v = velocity[site + 1], next_k = kinetic[site + 1];
    NESS_UNROLLED for (int s = 0; s < stages; s++) {
      ness_v8d drifted = ness_fma(ness_splat(law.time_step), next_v, next_q);
      ness_v8d right = ness_bond_pull(drifted - q[s], law, quartic);
      ness_v8d kicked = v[s] + ness_bond_kick(right, p[s], law, quartic);
      ness_v8d done_q = q[s], done_k = ness_fma(kicked, kicked, k[s]);
      q[s] = drifted, v[s] = next_v, k[s] = next_k, p[s] = right;
      next_q = done_q, next_v = kicked, next_k = done_k;
    }
    displacement[site + 1 - stages] = next_q;
    velocity[site + 1 - stages] = next_v;
    kinetic[site + 1 - stages] = next_k;
  }
  NESS_UNROLLED for (int s = 0; s < stages; s++) {
    displacement[last - s] = q[s];
    velocity[last - s] = v[s];
    kinetic[last - s] = k[s];
    pull[s] = p[s];
  }
}

/* One step, or two, of a stretch of the chain. */
NESS_INLINE void ness_sweep_once(void *displacement, void *velocity, void *kinetic, void *pull, long first, long last,
                                 ness_bond_law law) {
  if (law.quartic == 0) ness_sweep(1, 0, displacement, velocity, kinetic, pull, first, last, law);
  else ness_sweep(1, 1, displacement, velocity, kinetic, pull, first, last, law);
}
NESS_INLINE void ness_sweep_twice(void *displacement, void *velocity, void *kinetic, void *pull, long first, long last,
                                  ness_bond_law law) {
  if (law.quartic == 0) ness_sweep(2, 0, displacement, velocity, kinetic, pull, first, last, law);
  else ness_sweep(2, 1, displacement, velocity, kinetic, pull, first, last, law);
}

/* Constants of the energy of a chain, as it is kept on the books: r² is replaced by r (r + h dr/dt), the product of the
   stretches (or, of a pinned site, displacements) before and after the next drift. Steps conserve that energy of harmonic
   bonds to rounding. */
typedef struct {
  double time_step, half_mass, half_spring, quarter_quartic, pinning_left, pinning_right;
} ness_chain_energy;

NESS_INLINE ness_v8d ness_booked_square(ness_v8d length, ness_v8d rate, ness_chain_energy law) {
  return length * (length + rate * law.time_step);
}

/* Follows the flow along the sites first, ..., last - 1: what stays at a site is the change of its energy with half of its
   bonds, `energy`, which is brought up to date; `bond_flow[i]` is what leaves site i to the right. */
NESS_INLINE void ness_follow_flow(void *flow, const void *displacement, const void *velocity, void *energy,
                                  void *bond_flow, long sites, long first, long last, ness_chain_energy law) {
  const ness_stored *q = displacement, *v = velocity;
  ness_stored *stored = energy, *out = bond_flow;
  ness_v8d through = *(ness_stored *)flow, before = ness_splat(0);
  for (long i = first - (first > 0); i < last; i++) {
    ness_v8d bond;
    if (i == 0) before = ness_booked_square(q[0], v[0], law) * law.pinning_left;
    if (i < sites - 1) {
      ness_v8d square = ness_booked_square(q[i + 1] - q[i], v[i + 1] - v[i], law);
      bond = square * (square * law.quarter_quartic + law.half_spring);
    } else {
      bond = ness_booked_square(q[i], v[i], law) * law.pinning_right;
    }
    if (i >= first) {
      ness_v8d now = v[i] * v[i] * law.half_mass + (before + bond) * 0.5;
      through -= now - stored[i];
      stored[i] = now;
      if (i < sites - 1) out[i] = through;
    }
    before = bond;
  }
  *(ness_stored *)flow = through;
}
