/* Eight lanes in parts that fill one register each. */
#pragma once
#include "LaneNoise.h"

/* Where much is kept in registers the lanes are worked on in parts that fill one: a site of two steps in two registers each
   would leave none of the sixteen of AVX2 free. A lane's operations do not depend on it. */
#if defined(__AVX512F__)
enum { ness_part_lanes = 8 };
#elif defined(__AVX__)
enum { ness_part_lanes = 4 };
#else
enum { ness_part_lanes = 2 };
#endif
enum { ness_parts = 8 / ness_part_lanes };
typedef double ness_part __attribute__((ext_vector_type(ness_part_lanes), aligned(16)));
