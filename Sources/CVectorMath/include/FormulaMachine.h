/* Programs that compute a function of one variable for many vectors: a list of instructions, each done for a whole block of
   vectors before the next, so that reading the list costs little. */
#pragma once
#include "FormulaFunctions.h"

enum {
  ness_operation_add,      /* a + b */
  ness_operation_subtract, /* a - b */
  ness_operation_multiply, /* a b */
  ness_operation_divide,   /* n_0 a/b^count + c */
  ness_operation_fused,    /* a b + c */
  ness_operation_unfused,  /* c - a b */
  ness_operation_power,    /* a^b */
  ness_operation_min,
  ness_operation_max,
  ness_operation_choice,      /* a <= b ? c : d */
  ness_operation_whole_power, /* a^count, count >= 2 */
  ness_operation_polynomial,  /* sum of n_i a^i, i < count */
  ness_operation_even,        /* sum of n_i a^(2 i) */
  ness_operation_odd,         /* a times that */
  ness_operation_sine_form,   /* n_2 sin(n_0 a + n_1) + n_3 a + n_4 */
  ness_operation_exp,
  ness_operation_log,
  ness_operation_sqrt,
  ness_operation_sin,
  ness_operation_cos,
  ness_operation_tan,
  ness_operation_sinh,
  ness_operation_cosh,
  ness_operation_tanh,
  ness_operation_abs,
  ness_operation_sign,
};

/* An operand is a register if it is not negative, else the number with the index -1 - operand; `a` is a register except over
   something.
   Register 0 is x, register 1 the result, others are scratch. `numbers` is where the n_i begin. */
typedef struct {
  int32_t operation, to, a, b, c, d, count, numbers;
} ness_instruction;

/* The longest polynomial of one instruction. */
enum { ness_longest_polynomial = 9 };

#define NESS_EACH(value)                                                                                                   \
  {                                                                                                                        \
    for (long i = 0; i < parts; i++) to[i] = value;                                                                        \
    break;                                                                                                                 \
  }

/* One with a literal count. */
NESS_INLINE void ness_part_polynomial(int count, int operation, const ness_part *a, const double *n, ness_part *to,
                                      long parts) {
  for (long i = 0; i < parts; i++) {
    ness_part x = a[i], z = operation == ness_operation_polynomial ? x : x * x, sum = ness_part_splat(n[count - 1]);
    NESS_UNROLLED for (int p = count - 2; p >= 0; p--) sum = ness_part_fma(sum, z, ness_part_splat(n[p]));
    to[i] = operation == ness_operation_odd ? sum * x : sum;
  }
}
NESS_INLINE void ness_any_polynomial(int count, int operation, const ness_part *a, const double *n, ness_part *to,
                                     long parts) {
  switch (count) {
    case 1: ness_part_polynomial(1, operation, a, n, to, parts); break;
    case 2: ness_part_polynomial(2, operation, a, n, to, parts); break;
    case 3: ness_part_polynomial(3, operation, a, n, to, parts); break;
    case 4: ness_part_polynomial(4, operation, a, n, to, parts); break;
    case 5: ness_part_polynomial(5, operation, a, n, to, parts); break;
    case 6: ness_part_polynomial(6, operation, a, n, to, parts); break;
    case 7: ness_part_polynomial(7, operation, a, n, to, parts); break;
    case 8: ness_part_polynomial(8, operation, a, n, to, parts); break;
    default: ness_part_polynomial(ness_longest_polynomial, operation, a, n, to, parts);
  }
}

/* The power and the fused sum take no time of their own: they are done while the next division is. */
NESS_INLINE void ness_part_quotients(ness_instruction at, const double *n, ness_part a_number, ness_part c_number, ness_part *to,
                             const ness_part *a, const ness_part *b, const ness_part *c, long parts) {
  for (long i = 0; i < parts; i++) {
    ness_part under = b[i];
    if (at.count == 2) under = under * under;
    if (at.count == 3) under = under * (under * under);
    if (at.count > 3) under = ness_part_whole_power(under, (uint64_t)at.count);
    to[i] = ness_part_fma((at.a < 0 ? a_number : a[i]) / under, ness_part_splat(n[0]), at.c < 0 ? c_number : c[i]);
  }
}

/* Does one instruction for `parts` parts. */
NESS_INLINE void ness_execute(ness_instruction at, const double *numbers, ness_part *to, const ness_part *a,
                              const ness_part *b, const ness_part *c, const ness_part *d, long parts) {
  const double *n = numbers + at.numbers;
  ness_part b_number = ness_part_splat(at.b < 0 ? numbers[-1 - at.b] : 0);
  ness_part c_number = ness_part_splat(at.c < 0 ? numbers[-1 - at.c] : 0);
  ness_part d_number = ness_part_splat(at.d < 0 ? numbers[-1 - at.d] : 0);
#define NESS_B (at.b < 0 ? b_number : b[i])
#define NESS_C (at.c < 0 ? c_number : c[i])
#define NESS_D (at.d < 0 ? d_number : d[i])
  switch (at.operation) {
    case ness_operation_add:
      if (at.b < 0) NESS_EACH(a[i] + b_number);
      NESS_EACH(a[i] + b[i]);
    case ness_operation_subtract:
      if (at.b < 0) NESS_EACH(a[i] - b_number);
      NESS_EACH(a[i] - b[i]);
    case ness_operation_multiply:
      if (at.b < 0) NESS_EACH(a[i] * b_number);
      NESS_EACH(a[i] * b[i]);
    case ness_operation_divide:
      ness_part_quotients(at, n, ness_part_splat(at.a < 0 ? numbers[-1 - at.a] : 0), c_number, to, a, b, c, parts);
      break;
    case ness_operation_fused:
      if (at.b < 0 && at.c < 0) NESS_EACH(ness_part_fma(a[i], b_number, c_number));
      if (at.b < 0) NESS_EACH(ness_part_fma(a[i], b_number, c[i]));
      if (at.c < 0) NESS_EACH(ness_part_fma(a[i], b[i], c_number));
      NESS_EACH(ness_part_fma(a[i], b[i], c[i]));
    case ness_operation_unfused:
      if (at.c < 0) NESS_EACH(ness_part_fma(-a[i], b[i], c_number));
      NESS_EACH(ness_part_fma(-a[i], NESS_B, c[i]));
    case ness_operation_power: NESS_EACH(ness_part_power(a[i], NESS_B));
    case ness_operation_min: NESS_EACH(ness_part_min(a[i], NESS_B));
    case ness_operation_max: NESS_EACH(ness_part_max(a[i], NESS_B));
    case ness_operation_choice: NESS_EACH(ness_part_select(NESS_PART_MASK(a[i] <= NESS_B), NESS_C, NESS_D));
    case ness_operation_whole_power:
      if (at.count == 2) NESS_EACH(a[i] * a[i]);
      if (at.count == 3) NESS_EACH(a[i] * (a[i] * a[i]));
      NESS_EACH(ness_part_whole_power(a[i], (uint64_t)at.count));
    case ness_operation_polynomial: ness_any_polynomial(at.count, ness_operation_polynomial, a, n, to, parts); break;
    case ness_operation_even: ness_any_polynomial(at.count, ness_operation_even, a, n, to, parts); break;
    case ness_operation_odd: ness_any_polynomial(at.count, ness_operation_odd, a, n, to, parts); break;
    case ness_operation_sine_form:
      for (long i = 0; i < parts; i++) {
        ness_part x = a[i];
        ness_part sine = ness_part_sine(ness_part_fma(ness_part_splat(n[0]), x, ness_part_splat(n[1])), 0);
        to[i] = ness_part_fma(ness_part_splat(n[2]), sine, ness_part_fma(ness_part_splat(n[3]), x, ness_part_splat(n[4])));
      }
      break;
    case ness_operation_exp: NESS_EACH(ness_part_exp(a[i]));
    case ness_operation_log: NESS_EACH(ness_part_log(a[i]));
    case ness_operation_sqrt: NESS_EACH(__builtin_elementwise_sqrt(a[i]));
    case ness_operation_sin: NESS_EACH(ness_part_sine(a[i], 0));
    case ness_operation_cos: NESS_EACH(ness_part_sine(a[i], 1));
    case ness_operation_tan: NESS_EACH(ness_part_tan(a[i]));
    case ness_operation_sinh: NESS_EACH(ness_part_sinh(a[i]));
    case ness_operation_cosh: NESS_EACH(ness_part_cosh(a[i]));
    case ness_operation_tanh: NESS_EACH(ness_part_tanh(a[i]));
    case ness_operation_abs: NESS_EACH(ness_part_abs(a[i]));
    case ness_operation_sign: NESS_EACH(ness_part_sign(a[i]));
  }
}

/* Runs a program for `count` vectors, `block` at a time. `scratch` has `block` vectors for every register from 2 on; x and
   result may be the same. */
static __attribute__((noinline, unused)) void ness_run_formula(const ness_instruction *program, long length,
                                                               const double *numbers, const void *x, void *result,
                                                               long count, long block, void *scratch) {
  for (long start = 0; start < count; start += block) {
    long here = count - start < block ? count - start : block;
    ness_part *const input = (ness_part *)x + start * ness_parts, *const output = (ness_part *)result + start * ness_parts;
#define NESS_REGISTER(r)                                                                                                   \
  ((r) <= 0 ? input : (r) == 1 ? output : (ness_part *)scratch + ((r)-2) * block * ness_parts)
    for (long line = 0; line < length; line++) {
      ness_instruction at = program[line];
      ness_execute(at, numbers, NESS_REGISTER(at.to), NESS_REGISTER(at.a), NESS_REGISTER(at.b), NESS_REGISTER(at.c),
                   NESS_REGISTER(at.d), here * ness_parts);
    }
  }
}

/* One function of one number, or of two: what the same instruction gives in a lane. */
static __attribute__((noinline, unused)) double ness_function_value(int operation, double a, double b) {
  ness_part first = ness_part_splat(a), second = ness_part_splat(b), value;
  ness_instruction at = {operation, 0, 0, 0, 0, 0, 0, 0};
  ness_execute(at, &b, &value, &first, &second, &second, &second, 1);
  return value[0];
}
