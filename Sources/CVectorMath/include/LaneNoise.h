/* Random words and Gaussians in eight lanes. */
#pragma once
#include "LaneBlocks.h"

/* Vectors in memory that Swift owns: it aligns them to 16 bytes and knows no pointers to them, so functions for Swift
   take `void *`. Memory aligned to 64 bytes is faster. */
typedef ness_v8d ness_stored __attribute__((aligned(16)));
typedef ness_v8u ness_stored_word __attribute__((aligned(16)));

/* Eight xoshiro256+ generators (Blackman and Vigna 2021). */
typedef struct {
  ness_stored_word a, b, c, d;
} ness_words;

/* The next word of the generators at `state`, a `ness_words`. */
NESS_INLINE ness_v8u ness_next_word(void *state) {
  ness_words *s = state;
  ness_v8u word = s->a + s->d, shifted = s->b << 17;
  s->c ^= s->a;
  s->d ^= s->b;
  s->b ^= s->c;
  s->a ^= s->d;
  s->c ^= shifted;
  s->d = (s->d << 45) | (s->d >> 19);
  return word;
}

/* [1, 2) from the lower 52 bits of a word. The lowest three bits of xoshiro256+ are its weakest (they obey short linear
   recurrences); here they weigh 2^-50 and less. The upper bits stay free for other uses. */
NESS_INLINE ness_v8d ness_one_to_two(ness_v8u word) {
  return ness_from_bits((word & (ness_v8u)(0xfffffffffffffull)) | (ness_v8u)(0x3ff0000000000000ull));
}

/* Two independent standard Gaussians in polar form (Box and Muller 1958): radius times cosine, radius times sine. The
   root of the square is left to the user: the divider then works while the pipes for multiply-add are busy. */
typedef struct {
  ness_stored square, cosine, sine;
} ness_polar;
enum { ness_polar_vectors = sizeof(ness_polar) / sizeof(ness_v8d) };

/* Half a turn of angle comes from one word; the radius and the sign of the cosine, for the other half, from another. */
NESS_INLINE ness_polar ness_next_polar(ness_words *state) {
  ness_v8u word = ness_next_word(state);
  ness_v8d angle = ness_one_to_two(ness_next_word(state)) - 1.5;
  ness_v8d square = ness_minus_two_log_signed(2.0 - ness_one_to_two(word)); /* of (0, 1]: never below 0 */
  ness_v8d cosine, sine;
  ness_sincos_block(1, &angle, &sine, &cosine);
  cosine = ness_from_bits(ness_bits(cosine) ^ (word & (ness_v8u)(0x8000000000000000ull)));
  return (ness_polar){square, cosine, sine};
}

/* Fills `polar`, an array of `ness_polar`. */
NESS_INLINE void ness_fill_polar(void *state, void *polar, long pairs) {
  ness_words words = *(ness_words *)state;
  for (long i = 0; i < pairs; i++) ((ness_polar *)polar)[i] = ness_next_polar(&words);
  *(ness_words *)state = words;
}

/* Turns `count` Gaussians in polar form into numbers; an odd count drops the last partner. */
NESS_INLINE void ness_expand_polar(const void *polar, void *gaussians, long count) {
  ness_stored *out = gaussians;
  for (long i = 0; i < count; i += 2) {
    const ness_polar *p = (const ness_polar *)polar + i / 2;
    ness_v8d radius = ness_sqrt(p->square);
    out[i] = radius * p->cosine;
    if (i + 1 < count) out[i + 1] = radius * p->sine;
  }
}

/* Fills `gaussians`, an array of `ness_v8d`; an odd count drops the last partner. */
NESS_INLINE void ness_fill_gaussians(void *state, void *gaussians, long count) {
  ness_words words = *(ness_words *)state;
  ness_stored *out = gaussians;
  for (long i = 0; i < count; i += 2) {
    ness_polar p = ness_next_polar(&words);
    ness_v8d radius = ness_sqrt(p.square);
    out[i] = radius * p.cosine;
    if (i + 1 < count) out[i + 1] = radius * p.sine;
  }
  *(ness_words *)state = words;
}
