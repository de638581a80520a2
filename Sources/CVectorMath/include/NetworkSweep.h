/* The sweep of the simulation engine over a network: drift of sites, forces of bonds and fields, kick, and the flows through
   the bonds. Vectors of a site or a bond lie one after the other. */
#pragma once
#include "CVectorMath.h"

/* V'(x) = c[0] + c[1] x + ... + c[degree] x^degree; the kernels know degrees 1 to 5. */
enum { ness_highest_degree = 5 };
typedef struct {
  double c[ness_highest_degree + 1];
  long degree;
} ness_polynomial;

NESS_INLINE ness_v8d ness_polynomial_value(ness_v8d x, const double *c, int degree) {
  ness_v8d sum = ness_splat(c[degree]);
  NESS_UNROLLED for (int power = degree - 1; power >= 0; power--) sum = ness_fma(sum, x, ness_splat(c[power]));
  return sum;
}

/* One function for every degree, so that the loops have no branch. */
#define NESS_FOR_DEGREE(degree, call) \
  switch (degree) {                   \
  case 1: call(1); break;             \
  case 2: call(2); break;             \
  case 3: call(3); break;             \
  case 4: call(4); break;             \
  default: call(5); break;            \
  }

/* Sites first, ..., end - 1 drift, and their forces begin at 0. */
NESS_INLINE void ness_drift_sites(void *displacement, const void *velocity, void *force, long first, long end, double step) {
  ness_stored *q = displacement, *f = force;
  const ness_stored *v = velocity;
  for (long i = first; i < end; i++) {
    q[i] = ness_fma(ness_splat(step), v[i], q[i]);
    f[i] = ness_splat(0);
  }
}

/* Sites are kicked by h/m times their forces. */
NESS_INLINE void ness_kick_sites(void *velocity, const void *force, const double *kick, long first, long end) {
  ness_stored *v = velocity;
  const ness_stored *f = force;
  for (long i = first; i < end; i++) v[i] = ness_fma(ness_splat(kick[i]), f[i], v[i]);
}

/* What is read of a site after its kick: the square of the velocity and the displacement are summed, and the sum of the
   velocities before and after stands in place of the force. */
NESS_INLINE void ness_read_site(void *force, const void *displacement, void *squares, void *displacements, long i,
                                const void *before, const void *after) {
  ness_v8d old = *(const ness_stored *)before, new = *(const ness_stored *)after;
  ness_stored *square = (ness_stored *)squares + i, *sum = (ness_stored *)displacements + i;
  *square = ness_fma(new, new, *square);
  *sum = *sum + ((const ness_stored *)displacement)[i];
  ((ness_stored *)force)[i] = old + new;
}

NESS_INLINE void ness_kick_and_read_sites(void *velocity, void *force, const double *kick, const void *displacement,
                                          void *squares, void *displacements, long first, long end) {
  ness_stored *v = velocity, *f = force;
  for (long i = first; i < end; i++) {
    ness_stored before = v[i], after = ness_fma(ness_splat(kick[i]), f[i], before);
    v[i] = after;
    ness_read_site(force, displacement, squares, displacements, i, &before, &after);
  }
}

/* Bonds i to i + offset, i = first, ..., first + count - 1, of one polynomial pull at their sites. */
NESS_INLINE void ness_pull_run_of(int degree, const void *displacement, void *force, long first, long offset, long count,
                                  const double *c) {
  const ness_stored *q = (const ness_stored *)displacement + first;
  ness_stored *f = (ness_stored *)force + first;
  if (offset == 1) {
    ness_v8d left = q[0], carried = f[0];
    for (long k = 0; k < count; k++) {
      ness_v8d right = q[k + 1], pull = ness_polynomial_value(right - left, c, degree);
      f[k] = carried + pull;
      carried = f[k + 1] - pull;
      left = right;
    }
    f[count] = carried;
  } else {
    for (long k = 0; k < count; k++) {
      ness_v8d pull = ness_polynomial_value(q[k + offset] - q[k], c, degree);
      f[k] = f[k] + pull;
      f[k + offset] = f[k + offset] - pull;
    }
  }
}
static inline void ness_pull_run(const void *displacement, void *force, long first, long offset, long count,
                                 const ness_polynomial *law) {
#define NESS_CALL(degree) ness_pull_run_of(degree, displacement, force, first, offset, count, law->c)
  NESS_FOR_DEGREE(law->degree, NESS_CALL)
#undef NESS_CALL
}

/* The same for bonds between pairs of sites from a list. */
NESS_INLINE void ness_pull_pairs_of(int degree, const void *displacement, void *force, const int *pairs, long count,
                                    const double *c) {
  const ness_stored *q = displacement;
  ness_stored *f = force;
  for (long k = 0; k < count; k++) {
    long i = pairs[2 * k], j = pairs[2 * k + 1];
    ness_v8d pull = ness_polynomial_value(q[j] - q[i], c, degree);
    f[i] = f[i] + pull;
    f[j] = f[j] - pull;
  }
}
static inline void ness_pull_pairs(const void *displacement, void *force, const int *pairs, long count,
                                   const ness_polynomial *law) {
#define NESS_CALL(degree) ness_pull_pairs_of(degree, displacement, force, pairs, count, law->c)
  NESS_FOR_DEGREE(law->degree, NESS_CALL)
#undef NESS_CALL
}

/* Fields on the sites first, ..., first + count - 1 push by -U'(q). */
NESS_INLINE void ness_push_run_of(int degree, const void *displacement, void *force, long first, long count, const double *c) {
  const ness_stored *q = (const ness_stored *)displacement + first;
  ness_stored *f = (ness_stored *)force + first;
  for (long k = 0; k < count; k++) f[k] = f[k] - ness_polynomial_value(q[k], c, degree);
}
static inline void ness_push_run(const void *displacement, void *force, long first, long count, const ness_polynomial *law) {
#define NESS_CALL(degree) ness_push_run_of(degree, displacement, force, first, count, law->c)
  NESS_FOR_DEGREE(law->degree, NESS_CALL)
#undef NESS_CALL
}

/* A row: the sites first, ..., end - 1 are pulled by the bonds between neighbours and kicked in one pass, so that every site is
   loaded and stored once. The bond of the last of them to site `end` is there if `joined`; the force on that site begins with what
   the bond gives. With `drifts` the sites behind the first one, and `end`, drift as well, and a field of degree `field`, 0 for none,
   pushes all of them; without, the sites have drifted and the fields have pushed. The operations are those of the single kernels. */
NESS_INLINE void ness_row_of(int degree, int drifts, int field, void *displacement, void *velocity, void *force,
                             const double *kick, long first, long end, int joined, double step, const double *c,
                             const double *u) {
  ness_stored *q = displacement, *v = velocity, *f = force;
  ness_v8d here = q[first], speed = v[first], sum = f[first];
  if (field) sum = sum - ness_polynomial_value(here, u, field);
  long last = end - 1 + (joined != 0);
  for (long i = first; i < last; i++) {
    ness_v8d next_speed = v[i + 1], next = q[i + 1], next_sum = ness_splat(0);
    if (drifts) {
      next = ness_fma(ness_splat(step), next_speed, next);
      q[i + 1] = next;
      if (field && i + 1 < end) next_sum = next_sum - ness_polynomial_value(next, u, field);
    } else {
      next_sum = f[i + 1];
    }
    ness_v8d pull = ness_polynomial_value(next - here, c, degree);
    v[i] = ness_fma(ness_splat(kick[i]), sum + pull, speed);
    sum = next_sum - pull;
    here = next, speed = next_speed;
  }
  if (joined) f[end] = sum;
  else v[end - 1] = ness_fma(ness_splat(kick[end - 1]), sum, speed);
}
/* Rows of sites that have drifted, under forces of fields of any kind. */
static inline void ness_pull_and_kick_row(const void *displacement, void *velocity, void *force, const double *kick, long first,
                                          long end, int joined, const ness_polynomial *law) {
#define NESS_CALL(degree) \
  ness_row_of(degree, 0, 0, (void *)displacement, velocity, force, kick, first, end, joined, 0, law->c, law->c)
  NESS_FOR_DEGREE(law->degree, NESS_CALL)
#undef NESS_CALL
}
/* Rows that drift, under no field or one of a polynomial, both of degree 1 or 3: others have no such kernel. */
static inline void ness_move_row(void *displacement, void *velocity, void *force, const double *kick, long first, long end,
                                 int joined, double step, const ness_polynomial *law, const ness_polynomial *field) {
  int cubic = law->degree == 3, pushed = field ? (int)field->degree : 0;
#define NESS_CALL(degree, pushed) \
  ness_row_of(degree, 1, pushed, displacement, velocity, force, kick, first, end, joined, step, law->c, field ? field->c : law->c)
  if (cubic) {
    if (pushed == 0) NESS_CALL(3, 0);
    else if (pushed == 1) NESS_CALL(3, 1);
    else NESS_CALL(3, 3);
  } else {
    if (pushed == 0) NESS_CALL(1, 0);
    else if (pushed == 1) NESS_CALL(1, 1);
    else NESS_CALL(1, 3);
  }
#undef NESS_CALL
}

/* V'(x) = amplitude sin(2 pi (turns x + phase)) + linear x + offset. */
typedef struct {
  double amplitude, turns, phase, linear, offset;
} ness_sine;

/* By the halves of the angle, sin(2 pi y) = 2 sin(pi y) cos(pi y); error below 1e-14 of the amplitude, and what the rounding of the
   turns gives. */
NESS_INLINE void ness_sine_block(int n, const ness_stored *x, ness_stored *values, const ness_sine *law) {
  ness_v8d y[NESS_WIDEST], s[NESS_WIDEST], c[NESS_WIDEST];
  NESS_UNROLLED for (int u = 0; u < n; u++)
    y[u] = ness_fraction(ness_fma(x[u], ness_splat(law->turns), ness_splat(law->phase)));
  ness_sincos_block(n, y, s, c);
  NESS_UNROLLED for (int u = 0; u < n; u++) {
    ness_v8d line = ness_fma(ness_splat(law->linear), x[u], ness_splat(law->offset));
    values[u] = ness_fma(s[u] * (2 * law->amplitude), c[u], line);
  }
}
/* The slopes at many values; they may take the place of these. */
static inline void ness_sine_values(const void *x, void *values, long count, const ness_sine *law) {
  const ness_stored *in = x;
  ness_stored *out = values;
  long k = 0;
  for (; k + 4 <= count; k += 4) ness_sine_block(4, in + k, out + k, law);
  for (; k < count; k++) ness_sine_block(1, in + k, out + k, law);
}

/* For a potential of any other form: the stretches of bonds, and what is done with the slopes V' at them. */
NESS_INLINE void ness_stretch_run(const void *displacement, void *stretch, long first, long offset, long count) {
  const ness_stored *q = (const ness_stored *)displacement + first;
  ness_stored *r = stretch;
  for (long k = 0; k < count; k++) r[k] = q[k + offset] - q[k];
}
NESS_INLINE void ness_stretch_pairs(const void *displacement, void *stretch, const int *pairs, long count) {
  const ness_stored *q = displacement;
  ness_stored *r = stretch;
  for (long k = 0; k < count; k++) r[k] = q[pairs[2 * k + 1]] - q[pairs[2 * k]];
}
NESS_INLINE void ness_apply_run(const void *slope, void *force, long first, long offset, long count) {
  const ness_stored *s = slope;
  ness_stored *f = (ness_stored *)force + first;
  for (long k = 0; k < count; k++) {
    f[k] = f[k] + s[k];
    f[k + offset] = f[k + offset] - s[k];
  }
}
NESS_INLINE void ness_apply_pairs(const void *slope, void *force, const int *pairs, long count) {
  const ness_stored *s = slope;
  ness_stored *f = force;
  for (long k = 0; k < count; k++) {
    f[pairs[2 * k]] = f[pairs[2 * k]] + s[k];
    f[pairs[2 * k + 1]] = f[pairs[2 * k + 1]] - s[k];
  }
}
NESS_INLINE void ness_oppose_run(const void *slope, void *force, long first, long count) {
  const ness_stored *s = slope;
  ness_stored *f = (ness_stored *)force + first;
  for (long k = 0; k < count; k++) f[k] = f[k] - s[k];
}

/* Adds to the flow of every bond -V'(r) (s_i + s_j), with s the sums of velocities that were read. */
NESS_INLINE void ness_flow_run(const void *slope, const void *read, void *flow, long first, long offset, long count) {
  const ness_stored *p = slope, *s = (const ness_stored *)read + first;
  ness_stored *sum = flow;
  for (long k = 0; k < count; k++) sum[k] = ness_fma(-p[k], s[k] + s[k + offset], sum[k]);
}
NESS_INLINE void ness_flow_pairs(const void *slope, const void *read, void *flow, const int *pairs, long count) {
  const ness_stored *p = slope, *s = read;
  ness_stored *sum = flow;
  for (long k = 0; k < count; k++) sum[k] = ness_fma(-p[k], s[pairs[2 * k]] + s[pairs[2 * k + 1]], sum[k]);
}

/* The same with the slope of a polynomial, at the displacements of the step that was read. */
NESS_INLINE void ness_flow_polynomial_run_of(int degree, const void *displacement, const void *read, void *flow, long first,
                                             long offset, long count, const double *c) {
  const ness_stored *q = (const ness_stored *)displacement + first, *s = (const ness_stored *)read + first;
  ness_stored *sum = flow;
  for (long k = 0; k < count; k++) {
    ness_v8d pull = ness_polynomial_value(q[k + offset] - q[k], c, degree);
    sum[k] = ness_fma(-pull, s[k] + s[k + offset], sum[k]);
  }
}
static inline void ness_flow_polynomial_run(const void *displacement, const void *read, void *flow, long first, long offset,
                                            long count, const ness_polynomial *law) {
#define NESS_CALL(degree) ness_flow_polynomial_run_of(degree, displacement, read, flow, first, offset, count, law->c)
  NESS_FOR_DEGREE(law->degree, NESS_CALL)
#undef NESS_CALL
}
NESS_INLINE void ness_flow_polynomial_pairs_of(int degree, const void *displacement, const void *read, void *flow,
                                               const int *pairs, long count, const double *c) {
  const ness_stored *q = displacement, *s = read;
  ness_stored *sum = flow;
  for (long k = 0; k < count; k++) {
    long i = pairs[2 * k], j = pairs[2 * k + 1];
    sum[k] = ness_fma(-ness_polynomial_value(q[j] - q[i], c, degree), s[i] + s[j], sum[k]);
  }
}
static inline void ness_flow_polynomial_pairs(const void *displacement, const void *read, void *flow, const int *pairs,
                                              long count, const ness_polynomial *law) {
#define NESS_CALL(degree) ness_flow_polynomial_pairs_of(degree, displacement, read, flow, pairs, count, law->c)
  NESS_FOR_DEGREE(law->degree, NESS_CALL)
#undef NESS_CALL
}
