/* The sweep of the simulation engine over a network: drift of sites, forces of bonds and fields, kick, and the flows through
   the bonds. Vectors of a site or a bond lie one after the other. */
#pragma once
#include "CVectorMath.h"

/* The slopes V' that are compiled: polynomials c[0] + c[1] x + ... of degrees 1, 3, 5 and 7, a sine with a line, and x times a
   polynomial of |x|, c[0] + c[1] |x| + ..., of degrees 2 and 4. */
enum {
  ness_slope_none = 0,
  ness_slope_linear = 1,
  ness_slope_cubic = 3,
  ness_slope_quintic = 5,
  ness_slope_sine = 6,
  ness_slope_septic = 7,
  ness_slope_sided = 8,
  ness_slope_long_sided = 9,
  ness_slope_given = 10
};
/* Of a sine: coefficients of the powers of the squared angle [half turns], then half turns by x, phase [half turns], slope and
   constant of the line. */
enum { ness_sine_terms = 8, ness_sine_turns = ness_sine_terms, ness_sine_phase, ness_sine_linear, ness_sine_offset };
typedef struct {
  double c[ness_sine_offset + 1];
  long kind;
} ness_slope;

/* V'(x) = amplitude sin(pi (turns x + phase)) + linear x + offset. Its polynomial is interpolated at Chebyshev nodes with 50
   digits; its error before rounding is below 3e-16 of the amplitude. */
static inline ness_slope ness_make_sine(double amplitude, double turns, double phase, double linear, double offset) {
  static const double terms[ness_sine_terms] = {0x1.921fb54442d17p+1,  -0x1.4abbce625bd83p+2, 0x1.466bc677522bdp+1,
                                                -0x1.32d2cce1ea145p-1, 0x1.5078327046959p-4,  -0x1.e30631bdf732dp-8,
                                                0x1.e89f6fe44fe7bp-12, -0x1.62903d02bb153p-16};
  ness_slope law;
  for (int k = 0; k < ness_sine_terms; k++) law.c[k] = amplitude * terms[k];
  law.c[ness_sine_turns] = turns, law.c[ness_sine_phase] = phase;
  law.c[ness_sine_linear] = linear, law.c[ness_sine_offset] = offset;
  law.kind = ness_slope_sine;
  return law;
}

/* The angle in half turns is a whole number, whose last bit is the sign, and the rest, at most half. */
NESS_INLINE ness_v8d ness_sine_value(ness_v8d x, const double *c) {
  ness_v8d angle = ness_fma(x, ness_splat(c[ness_sine_turns]), ness_splat(c[ness_sine_phase]));
  ness_v8d shifted = angle + ness_to_whole, rest = ness_fraction(angle), square = rest * rest;
  ness_v8d sum = ness_splat(c[ness_sine_terms - 1]);
  NESS_UNROLLED for (int k = ness_sine_terms - 2; k >= 0; k--) sum = ness_fma(sum, square, ness_splat(c[k]));
  ness_v8d line = ness_fma(ness_splat(c[ness_sine_linear]), x, ness_splat(c[ness_sine_offset]));
  return ness_fma(ness_from_bits(ness_bits(rest) ^ ness_bits(shifted) << 63), sum, line);
}

NESS_INLINE ness_v8d ness_sided_value(int degree, ness_v8d x, const double *c) {
  ness_v8d size = __builtin_elementwise_abs(x), factor = ness_splat(c[degree]);
  NESS_UNROLLED for (int power = degree - 1; power >= 0; power--) factor = ness_fma(factor, size, ness_splat(c[power]));
  return factor * x;
}

NESS_INLINE ness_v8d ness_slope_value(int kind, ness_v8d x, const double *c) {
  if (kind == ness_slope_sine) return ness_sine_value(x, c);
  if (kind == ness_slope_sided) return ness_sided_value(2, x, c);
  if (kind == ness_slope_long_sided) return ness_sided_value(4, x, c);
  ness_v8d sum = ness_splat(c[kind]);
  NESS_UNROLLED for (int power = kind - 1; power >= 0; power--) sum = ness_fma(sum, x, ness_splat(c[power]));
  return sum;
}

/* One function for every kind, so that the loops have no branch. */
#define NESS_FOR_KIND(kind, call)                      \
  switch (kind) {                                      \
  case ness_slope_linear: call(ness_slope_linear); break;   \
  case ness_slope_cubic: call(ness_slope_cubic); break;     \
  case ness_slope_quintic: call(ness_slope_quintic); break; \
  case ness_slope_septic: call(ness_slope_septic); break;   \
  case ness_slope_sided: call(ness_slope_sided); break;     \
  case ness_slope_long_sided: call(ness_slope_long_sided); break; \
  default: call(ness_slope_sine); break;               \
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

/* The same for sites that have been kicked; `before` are the velocities of the sites from `first` on before that. */
NESS_INLINE void ness_read_sites(const void *before, const void *velocity, void *force, const void *displacement, void *squares,
                                 void *displacements, long first, long end) {
  for (long i = first; i < end; i++)
    ness_read_site(force, displacement, squares, displacements, i, (const ness_stored *)before + (i - first),
                   (const ness_stored *)velocity + i);
}

/* Bonds i to i + offset, i = first, ..., first + count - 1, of one polynomial pull at their sites. */
NESS_INLINE void ness_pull_run_of(int kind, const void *displacement, void *force, long first, long offset, long count,
                                  const double *c) {
  const ness_stored *q = (const ness_stored *)displacement + first;
  ness_stored *f = (ness_stored *)force + first;
  if (offset == 1) {
    ness_v8d left = q[0], carried = f[0];
    for (long k = 0; k < count; k++) {
      ness_v8d right = q[k + 1], pull = ness_slope_value(kind, right - left, c);
      f[k] = carried + pull;
      carried = f[k + 1] - pull;
      left = right;
    }
    f[count] = carried;
  } else {
    for (long k = 0; k < count; k++) {
      ness_v8d pull = ness_slope_value(kind, q[k + offset] - q[k], c);
      f[k] = f[k] + pull;
      f[k + offset] = f[k + offset] - pull;
    }
  }
}
static inline void ness_pull_run(const void *displacement, void *force, long first, long offset, long count,
                                 const ness_slope *law) {
#define NESS_CALL(kind) ness_pull_run_of(kind, displacement, force, first, offset, count, law->c)
  NESS_FOR_KIND(law->kind, NESS_CALL)
#undef NESS_CALL
}

/* The same for bonds between pairs of sites from a list. */
NESS_INLINE void ness_pull_pairs_of(int kind, const void *displacement, void *force, const int *pairs, long count,
                                    const double *c) {
  const ness_stored *q = displacement;
  ness_stored *f = force;
  for (long k = 0; k < count; k++) {
    long i = pairs[2 * k], j = pairs[2 * k + 1];
    ness_v8d pull = ness_slope_value(kind, q[j] - q[i], c);
    f[i] = f[i] + pull;
    f[j] = f[j] - pull;
  }
}
static inline void ness_pull_pairs(const void *displacement, void *force, const int *pairs, long count,
                                   const ness_slope *law) {
#define NESS_CALL(kind) ness_pull_pairs_of(kind, displacement, force, pairs, count, law->c)
  NESS_FOR_KIND(law->kind, NESS_CALL)
#undef NESS_CALL
}

/* Fields on the sites first, ..., first + count - 1 push by -U'(q). */
NESS_INLINE void ness_push_run_of(int kind, const void *displacement, void *force, long first, long count, const double *c) {
  const ness_stored *q = (const ness_stored *)displacement + first;
  ness_stored *f = (ness_stored *)force + first;
  for (long k = 0; k < count; k++) f[k] = f[k] - ness_slope_value(kind, q[k], c);
}
static inline void ness_push_run(const void *displacement, void *force, long first, long count, const ness_slope *law) {
#define NESS_CALL(kind) ness_push_run_of(kind, displacement, force, first, count, law->c)
  NESS_FOR_KIND(law->kind, NESS_CALL)
#undef NESS_CALL
}

/* What a row needs at a site; slopes that are given are those of its bonds and fields, one after the other. */
typedef struct {
  ness_stored *q, *v, *f;
  const double *kick, *c, *u;
  const ness_stored *bond_slopes, *field_slopes;
  long below;
  double step;
} ness_row;
/* Displacement and velocity of a site of a row, and the force on it so far. */
typedef struct {
  ness_v8d q, v, f;
} ness_row_state;

/* What a row finds: sites that have drifted, with forces that bonds and fields have begun, or sites that drift as it meets them, or
   sites that have drifted without any force on them, as where slopes are given. */
enum { ness_row_begun, ness_row_drifts, ness_row_fresh };

NESS_INLINE void ness_row_site(int kind, int field, int mode, int deep, int bound, ness_row row, long i, ness_row_state *at) {
  ness_row_state next = *at;
  if (deep) {
    ness_v8d low = row.q[i + row.below], rest = ness_splat(0);
    if (mode == ness_row_drifts) row.q[i + row.below] = low = ness_fma(ness_splat(row.step), row.v[i + row.below], low);
    else rest = row.f[i + row.below];
    ness_v8d pull = ness_slope_value(kind, low - at->q, row.c);
    row.f[i + row.below] = rest - pull;
    at->f = at->f + pull;
  }
  if (field) at->f = at->f - (field == ness_slope_given ? row.field_slopes[i] : ness_slope_value(field, at->q, row.u));
  if (bound) {
    next.q = row.q[i + 1], next.v = row.v[i + 1], next.f = ness_splat(0);
    if (deep || mode == ness_row_begun) next.f = row.f[i + 1];
    else if (mode == ness_row_drifts) row.q[i + 1] = next.q = ness_fma(ness_splat(row.step), next.v, next.q);
    ness_v8d pull = kind == ness_slope_given ? row.bond_slopes[i] : ness_slope_value(kind, next.q - at->q, row.c);
    at->f = at->f + pull;
    next.f = next.f - pull;
  }
  row.v[i] = ness_fma(ness_splat(row.kick[i]), at->f, at->v);
  if (__builtin_expect(row.kick[i] == 0, 0)) row.f[i] = at->f;
  *at = next;
}

/* A row: the sites first, ..., end - 1 are pulled by the bonds between neighbours and, where `below` is not 0, by those to the sites
   so many further on, pushed by a field of kind `field`, and kicked, in one pass, so that every site is loaded and stored once.
   The bond of the last of them to site `end` is there if `joined`; the force on that site begins with what the bond gives.
   Where the kick is 0 the force is stored: a bath will use it. The sites that drift are those below or, without, the next ones. */
NESS_INLINE void ness_row_of(int kind, int field, int mode, int deep, ness_row row, long first, long end, int joined) {
  ness_row_state at = {row.q[first], row.v[first], row.f[first]};
  long last = joined ? end : end - 1;
  for (long i = first; i < last; i++) ness_row_site(kind, field, mode, deep, 1, row, i, &at);
  if (joined) row.f[end] = at.f;
  else ness_row_site(kind, field, mode, deep, 0, row, last, &at);
}
#define NESS_ROW(bond, push, mode, deep) ness_row_of(bond, push, mode, deep, row, first, end, joined)
#define NESS_PUSHED_ROW(bond, mode, deep)                                            \
  switch (field ? field->kind : ness_slope_none) {                                  \
    case ness_slope_none: NESS_ROW(bond, ness_slope_none, mode, deep); break;       \
    case ness_slope_linear: NESS_ROW(bond, ness_slope_linear, mode, deep); break;   \
    case ness_slope_cubic: NESS_ROW(bond, ness_slope_cubic, mode, deep); break;     \
    case ness_slope_quintic: NESS_ROW(bond, ness_slope_quintic, mode, deep); break; \
    case ness_slope_septic: NESS_ROW(bond, ness_slope_septic, mode, deep); break;   \
    case ness_slope_sided: NESS_ROW(bond, ness_slope_sided, mode, deep); break;     \
    case ness_slope_long_sided: NESS_ROW(bond, ness_slope_long_sided, mode, deep); break; \
    default: NESS_ROW(bond, ness_slope_sine, mode, deep);                           \
  }
/* Compiled slopes. Sites that have drifted and have others below them have no field here: it has pushed. */
static inline void ness_sweep_row(void *displacement, void *velocity, void *force, const double *kick, long first, long end,
                                  int joined, long below, int drifts, double step, const ness_slope *law,
                                  const ness_slope *field) {
  ness_row row = {displacement, velocity, force, kick, law->c, field ? field->c : law->c, 0, 0, below, step};
#define NESS_CALL(bond)                              \
  if (drifts && below) {                             \
    NESS_PUSHED_ROW(bond, ness_row_drifts, 1)        \
  } else if (drifts) {                               \
    NESS_PUSHED_ROW(bond, ness_row_drifts, 0)        \
  } else if (below) {                                \
    NESS_ROW(bond, ness_slope_none, ness_row_begun, 1); \
  } else {                                           \
    NESS_PUSHED_ROW(bond, ness_row_begun, 0)         \
  }
  NESS_FOR_KIND(law->kind, NESS_CALL)
#undef NESS_CALL
}

/* The sites behind `first` of a row drift, and the stretches of its bonds are put where its slopes will be, if they are given. */
NESS_INLINE void ness_drift_row(void *displacement, const void *velocity, void *stretch, long first, long end, int joined,
                                double step) {
  ness_stored *q = displacement, *r = stretch;
  const ness_stored *v = velocity;
  long last = joined ? end : end - 1;
  ness_v8d here = q[first];
  for (long i = first; i < last; i++) {
    ness_v8d next = ness_fma(ness_splat(step), v[i + 1], q[i + 1]);
    q[i + 1] = next;
    if (r) r[i - first] = next - here;
    here = next;
  }
}
/* A row that has drifted so; slopes of bonds or of fields are given, or of both. */
static inline void ness_sweep_given_row(void *displacement, void *velocity, void *force, const double *kick, long first,
                                        long end, int joined, const ness_slope *law, const ness_slope *field,
                                        const void *bond_slopes, const void *field_slopes) {
  ness_row row = {displacement, velocity, force, kick, law->c, field ? field->c : law->c, (const ness_stored *)bond_slopes - first,
                  (const ness_stored *)field_slopes - first, 0, 0};
  int pushes = field && field->kind == ness_slope_none;
  if (law->kind == ness_slope_none && pushes) {
    NESS_ROW(ness_slope_given, ness_slope_given, ness_row_fresh, 0);
  } else if (law->kind == ness_slope_none) {
    NESS_PUSHED_ROW(ness_slope_given, ness_row_fresh, 0)
  } else {
#define NESS_CALL(bond) NESS_ROW(bond, ness_slope_given, ness_row_fresh, 0)
    NESS_FOR_KIND(law->kind, NESS_CALL)
#undef NESS_CALL
  }
}
#undef NESS_PUSHED_ROW
#undef NESS_ROW

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
NESS_INLINE void ness_flow_compiled_run_of(int kind, const void *displacement, const void *read, void *flow, long first,
                                             long offset, long count, const double *c) {
  const ness_stored *q = (const ness_stored *)displacement + first, *s = (const ness_stored *)read + first;
  ness_stored *sum = flow;
  for (long k = 0; k < count; k++) {
    ness_v8d pull = ness_slope_value(kind, q[k + offset] - q[k], c);
    sum[k] = ness_fma(-pull, s[k] + s[k + offset], sum[k]);
  }
}
static inline void ness_flow_compiled_run(const void *displacement, const void *read, void *flow, long first, long offset,
                                            long count, const ness_slope *law) {
#define NESS_CALL(kind) ness_flow_compiled_run_of(kind, displacement, read, flow, first, offset, count, law->c)
  NESS_FOR_KIND(law->kind, NESS_CALL)
#undef NESS_CALL
}
NESS_INLINE void ness_flow_compiled_pairs_of(int kind, const void *displacement, const void *read, void *flow,
                                               const int *pairs, long count, const double *c) {
  const ness_stored *q = displacement, *s = read;
  ness_stored *sum = flow;
  for (long k = 0; k < count; k++) {
    long i = pairs[2 * k], j = pairs[2 * k + 1];
    sum[k] = ness_fma(-ness_slope_value(kind, q[j] - q[i], c), s[i] + s[j], sum[k]);
  }
}
static inline void ness_flow_compiled_pairs(const void *displacement, const void *read, void *flow, const int *pairs,
                                              long count, const ness_slope *law) {
#define NESS_CALL(kind) ness_flow_compiled_pairs_of(kind, displacement, read, flow, pairs, count, law->c)
  NESS_FOR_KIND(law->kind, NESS_CALL)
#undef NESS_CALL
}
