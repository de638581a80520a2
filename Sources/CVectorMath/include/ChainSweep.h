/* The sweep of the simulation engine along a chain: drift, bond forces and kick of a site in one go, for two successive
   steps in one pass, and its kinetic temperature where that is read. */
#pragma once
#include "LaneParts.h"

/* Constants of a step: its length h, h k/m of every bond, h beta/m of its quartic part. */
typedef struct {
  double time_step, spring, quartic;
} ness_bond_law;

/* What a bond pulls with at a stretch r: r itself if it is harmonic, else the velocity h (k r + beta r³)/m. */
NESS_INLINE ness_part ness_part_pull(ness_part stretch, ness_bond_law law, int quartic) {
  return quartic ? stretch * __builtin_elementwise_fma(stretch * stretch, (ness_part)(law.quartic), (ness_part)(law.spring))
                 : stretch;
}

/* The velocity of a site after the kick by the bonds at its right and at its left. */
NESS_INLINE ness_part ness_part_kicked(ness_part velocity, ness_part right, ness_part left, ness_bond_law law, int quartic) {
  return quartic ? (velocity - left) + right
                 : __builtin_elementwise_fma(right - left, (ness_part)(law.spring), velocity);
}

/* The same for all lanes. */
NESS_INLINE ness_v8d ness_bond_pull(ness_v8d stretch, ness_bond_law law, int quartic) {
  ness_v8d pull;
  NESS_UNROLLED for (int part = 0; part < ness_parts; part++)
    ((ness_part *)&pull)[part] = ness_part_pull(((ness_part *)&stretch)[part], law, quartic);
  return pull;
}
NESS_INLINE ness_v8d ness_bond_kick(ness_v8d right, ness_v8d left, ness_bond_law law, int quartic) {
  ness_v8d kick;
  NESS_UNROLLED for (int part = 0; part < ness_parts; part++)
    ((ness_part *)&kick)[part] = ness_part_kicked(
        (ness_part)(0.0), ((ness_part *)&right)[part], ((ness_part *)&left)[part], law, quartic);
  return kick;
}

/* Does `stages` successive steps of the sites first, ..., last - 1, none of which touches a bath or is pinned, in one part
   of the lanes: while the first step is at site i, step s is at site i - s, where all that it needs has just been done and
   is still in registers. The last `read` steps add the squares of the velocities to `kinetic`.

   Before and after, displacements up to `first + 1 - s` of step s have drifted and its velocities up to `first - 1 - s`
   been kicked, and `pull[s]` is that of the bond at the left of its site. */
NESS_INLINE void ness_sweep_part(int stages, int read, int quartic, ness_part *displacement, ness_part *velocity,
                                 ness_part *kinetic, ness_part *pull, long first, long last, ness_bond_law law) {
  enum { most = 2, stride = ness_parts };
  ness_part q[most], v[most], p[most];
  NESS_UNROLLED for (int s = 0; s < stages; s++) {
    q[s] = displacement[(first - s) * stride];
    v[s] = velocity[(first - s) * stride];
    p[s] = pull[s * stride];
  }
  for (long site = first; site < last; site++) {
    ness_part next_q = displacement[(site + 1) * stride], next_v = velocity[(site + 1) * stride];
    NESS_UNROLLED for (int s = 0; s < stages; s++) {
      ness_part drifted = __builtin_elementwise_fma((ness_part)(law.time_step), next_v, next_q);
      ness_part right = ness_part_pull(drifted - q[s], law, quartic);
      ness_part kicked = ness_part_kicked(v[s], right, p[s], law, quartic);
      if (s >= stages - read) {
        ness_part *sum = kinetic + (site - s) * stride;
        *sum = __builtin_elementwise_fma(kicked, kicked, *sum);
      }
      ness_part done_q = q[s];
      q[s] = drifted, v[s] = next_v, p[s] = right;
      next_q = done_q, next_v = kicked;
    }
    displacement[(site + 1 - stages) * stride] = next_q;
    velocity[(site + 1 - stages) * stride] = next_v;
  }
  NESS_UNROLLED for (int s = 0; s < stages; s++) {
    displacement[(last - s) * stride] = q[s];
    velocity[(last - s) * stride] = v[s];
    pull[s * stride] = p[s];
  }
}

NESS_INLINE void ness_sweep(int stages, int read, int quartic, void *displacement, void *velocity, void *kinetic,
                            void *pull, long first, long last, ness_bond_law law) {
  for (int part = 0; part < ness_parts; part++)
    ness_sweep_part(stages, read, quartic, (ness_part *)displacement + part, (ness_part *)velocity + part,
                    (ness_part *)kinetic + part, (ness_part *)pull + part, first, last, law);
}

/* One step, or two, of a stretch of the chain; the last `read` of them are read. */
NESS_INLINE void ness_sweep_once(int read, void *displacement, void *velocity, void *kinetic, void *pull, long first,
                                 long last, ness_bond_law law) {
  if (law.quartic == 0) {
    if (read) ness_sweep(1, 1, 0, displacement, velocity, kinetic, pull, first, last, law);
    else ness_sweep(1, 0, 0, displacement, velocity, kinetic, pull, first, last, law);
  } else {
    if (read) ness_sweep(1, 1, 1, displacement, velocity, kinetic, pull, first, last, law);
    else ness_sweep(1, 0, 1, displacement, velocity, kinetic, pull, first, last, law);
  }
}
NESS_INLINE void ness_sweep_twice(int read, void *displacement, void *velocity, void *kinetic, void *pull, long first,
                                  long last, ness_bond_law law) {
  if (law.quartic == 0) {
    if (read == 2) ness_sweep(2, 2, 0, displacement, velocity, kinetic, pull, first, last, law);
    else if (read == 1) ness_sweep(2, 1, 0, displacement, velocity, kinetic, pull, first, last, law);
    else ness_sweep(2, 0, 0, displacement, velocity, kinetic, pull, first, last, law);
  } else {
    if (read == 2) ness_sweep(2, 2, 1, displacement, velocity, kinetic, pull, first, last, law);
    else if (read == 1) ness_sweep(2, 1, 1, displacement, velocity, kinetic, pull, first, last, law);
    else ness_sweep(2, 0, 1, displacement, velocity, kinetic, pull, first, last, law);
  }
}

/* Constants of the energy of a chain, as the engine counts it: r² is replaced by r (r + h dr/dt), the product of the
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
