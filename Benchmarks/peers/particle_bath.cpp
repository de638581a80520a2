// W1: harmonic chain + overdamped particles on a ring + Langevin bath, as one would write it by hand for speed: every
// lane of a vector is a trajectory, polynomials are written out, noise is exact Gaussian (Box and Muller), particles take
// first-order steps. Units and parameters as in `ness bench --workload W1`.
// build: g++ -O3 -march=native -mprefer-vector-width=512 -ffast-math particle_bath.cpp -o particle_bath
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

// g++ turns vectors wider than a register into scalars. As many particles are looked at together as registers allow.
#if defined(__AVX512F__)
constexpr int lanes = 8, together = 8;
#elif defined(__AVX__)
constexpr int lanes = 4, together = 4;
#else
constexpr int lanes = 2, together = 4;
#endif
typedef double Real __attribute__((vector_size(8 * lanes)));
typedef uint64_t Word __attribute__((vector_size(8 * lanes)));
#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("GCC unroll 16")

INLINE Real splat(double a) { return a - Real{}; }
INLINE Word splat(uint64_t a) { return a - Word{}; }
INLINE Real squareRoot(Real a) {
  Real r;
  UNROLLED for (int l = 0; l < lanes; l++) r[l] = std::sqrt(a[l]);
  return r;
}
INLINE Real nearest(Real a) {  // adding 3 2^51 leaves the nearest integer; the barrier hides it from -ffast-math
  Real shifted = a + 0x1.8p52;
  asm("" : "+v"(shifted));
  return shifted - 0x1.8p52;
}
static double total(Real a) {
  double sum = 0;
  for (int l = 0; l < lanes; l++) sum += a[l];
  return sum;
}

// xoshiro256+ in every lane, seeded by SplitMix64
struct Words {
  Word a, b, c, d;
  explicit Words(uint64_t seed) {
    for (Word *word : {&a, &b, &c, &d})
      for (int l = 0; l < lanes; l++) {
        uint64_t z = (seed += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        (*word)[l] = z ^ (z >> 31);
      }
  }
  INLINE Word next(Words &s) {
    Word word = s.a + s.d, shifted = s.b << 17;
    s.c ^= s.a, s.d ^= s.b, s.b ^= s.c, s.a ^= s.d, s.c ^= shifted;
    s.d = (s.d << 45) | (s.d >> 19);
    return word;
  }
};

// With t = sqrt(2) sin(pi y/2) and k = sqrt(2) cos(pi y/2): sin(pi y) = t k, cos(pi y) = 1 - t², |y| <= 1/2
constexpr double sineTerms[6] = {0x1.1c5831add62cfp+1,  -0x1.d3ba5c1c5941ap-1, 0x1.cda1062f57497p-4,
                                 -0x1.b1e9e9ec0b2c6p-8, 0x1.dbcdf08591512p-13, -0x1.5185f98d78ed5p-18};
constexpr double cosineTerms[7] = {0x1.6a09e667f3bccp+0,   -0x1.bea5b6072b1ecp+0, 0x1.6f5a49b29085dp-2,
                                   -0x1.e36ab0b62dd2bp-6,  0x1.54cb876c4eb32p-10, -0x1.2af4d2ca26f33p-15,
                                   0x1.61741369cd96ep-21};
template <int n> INLINE void sineAndCosine(const Real *y, Real *sine, Real *cosine) {
  Real w[n], t[n], k[n];
  UNROLLED for (int u = 0; u < n; u++) {
    w[u] = y[u] * y[u], t[u] = splat(sineTerms[5]), k[u] = splat(cosineTerms[6]) * w[u] + cosineTerms[5];
  }
  UNROLLED for (int i = 4; i >= 0; i--)
    UNROLLED for (int u = 0; u < n; u++) t[u] = t[u] * w[u] + sineTerms[i], k[u] = k[u] * w[u] + cosineTerms[i];
  UNROLLED for (int u = 0; u < n; u++) t[u] *= y[u], sine[u] = t[u] * k[u], cosine[u] = 1 - t[u] * t[u];
}

// -2 ln u = -2 (k ln 2 + 2 artanh((m - 1)/(m + 1))) for u = 2^k m
constexpr double logTerms[7] = {-0x1.0000000000001p+2, -0x1.5555555552d50p+0, -0x1.999999a435066p-1,
                                -0x1.249240b87155dp-1, -0x1.c722cceee92f4p-2, -0x1.732320a9c93b0p-2,
                                -0x1.58d5d4a93822dp-2};
INLINE Real minusTwoLog(Real u) {
  const uint64_t halfRoot = 0x3fe6a09e667f3bcdull;  // bits of sqrt(1/2)
  Word b = (Word)u + (0x3ff0000000000000ull - halfRoot);
  Real k = (Real)((b >> 52) | splat((uint64_t)0x4330000000000000ull)) - (0x1p52 + 1023);
  Real m = (Real)((b & 0xfffffffffffffull) + halfRoot), s = (m - 1) / (m + 1), w = s * s, a = splat(logTerms[6]);
  UNROLLED for (int i = 5; i >= 0; i--) a = a * w + logTerms[i];
  return k * (-2 * 0.6931471805599453) + a * s;
}

// Two Gaussians: half a turn of angle from one word, radius and the sign of the cosine from another
INLINE void gaussians(Words &words, Real *pair) {
  const uint64_t mantissa = 0xfffffffffffffull, one = 0x3ff0000000000000ull;
  Word word = Words::next(words);
  Real angle = (Real)((Words::next(words) & mantissa) | splat(one)) - 1.5, sine, cosine;
  Real square = minusTwoLog(2 - (Real)((word & mantissa) | splat(one)));
  sineAndCosine<1>(&angle, &sine, &cosine);
  Real radius = squareRoot((Real)((Word)square & 0x7fffffffffffffffull));
  pair[0] = radius * (Real)((Word)cosine ^ (word & 0x8000000000000000ull));
  pair[1] = radius * sine;
}

constexpr int sites = 16, count = 40;
constexpr double pi = 3.14159265358979323846, coupling = 0.2, strength = 1, sharpness = 2, ring = 25, friction = 0.1,
                 hot = 10, cold = 1, dt = 1e-3;

// exp(x) for 0 <= x <= 1/4
constexpr double expTerms[8] = {0x1.fffffffffff8cp-1, 0x1.0000000007446p+0, 0x1.fffffff678e63p-2,
                                0x1.555557b5d01ebp-3, 0x1.5554c075f194ap-5, 0x1.1124ccc73b5abp-7,
                                0x1.69342cec51e48p-10, 0x1.d7b5a578e0ac8p-13};
struct Law {  // of the particles: amplitude of the noise [turns], drift, and F^(1/16) as a polynomial in cos²(theta/2)
  double amplitude = std::sqrt(2 * hot * dt / friction) / ring;
  double drift = 2 * dt * coupling * sharpness * 2 * pi / (friction * ring * ring);
  double root[8];
  Law() {
    double bessel = 0;
    for (int i = 0; i < 2000; i++) bessel += std::exp(sharpness * std::cos(2 * pi * i / 2000)) / 2000;
    double scale = std::pow(strength * std::exp(-sharpness) / bessel, 1. / 16);
    for (int i = 0; i < 8; i++, scale *= 2 * sharpness / 16) root[i] = scale * expTerms[i];
  }
};

// n particles: force at the old place, then drift and noise; returns the sum of F
template <int n> INLINE Real particles(Real *y, const Real *noise, Real pull, const Law &law) {
  Real s[n], c[n], v[n], f[n], sum = {};
  sineAndCosine<n>(y, s, c);
  UNROLLED for (int u = 0; u < n; u++) v[u] = c[u] * c[u], f[u] = splat(law.root[7]) * v[u] + law.root[6];
  UNROLLED for (int i = 5; i >= 0; i--) UNROLLED for (int u = 0; u < n; u++) f[u] = f[u] * v[u] + law.root[i];
  UNROLLED for (int i = 0; i < 4; i++) UNROLLED for (int u = 0; u < n; u++) f[u] *= f[u];
  UNROLLED for (int u = 0; u < n; u++) {
    Real moved = y[u] + pull * (s[u] * c[u] * f[u]) + law.amplitude * noise[u];
    y[u] = moved - nearest(moved);
    sum += f[u];
  }
  return sum;
}

struct Measured {
  Real current = {}, first = {}, last = {};
};

// The first `warm` steps are done and not measured.
static Measured run(long warm, long steps, uint64_t seed) {
  const Law law;
  const double half = 0.5 * dt, decay = std::exp(-half), kick = std::sqrt(cold * (1 - decay * decay));
  alignas(64) Real y[count], noise[count], q[sites + 1] = {}, v[sites] = {}, heat[sites] = {}, end[2];
  Words words(seed);
  for (Real &place : y) place = (Real)((Words::next(words) >> 12) | splat((uint64_t)0x3ff0000000000000ull)) - 1.5;
  Measured measured;
  for (long step = -warm; step < steps; step++) {
    if (step == 0) {
      measured = {};
      for (Real &sum : heat) sum = Real{};
    }
    for (int i = 0; i < count; i += 2) gaussians(words, noise + i);
    Real pushed = {}, pull = law.drift * q[0];
    for (int i = 0; i < count; i += together) pushed += particles<together>(y + i, noise + i, pull, law);
    gaussians(words, end);
    Real left = q[0], flow = {};  // pinning of both ends
    for (int j = 0; j < sites; j++) {
      Real right = j + 1 < sites ? q[j + 1] - q[j] : -q[j], force = right - left;
      if (j == 0) force -= coupling * (pushed - count * strength);
      Real middle = v[j] + half * force;
      if (j == sites - 1) middle = decay * middle + kick * end[0];
      flow += middle * ((j > 0 ? left : Real{}) + (j + 1 < sites ? right : Real{}));
      heat[j] += middle * middle;
      if (j == sites - 1) middle = decay * middle + kick * end[1];
      v[j] = middle + half * force;
      q[j] += dt * v[j];
      left = right;
    }
    measured.current -= 0.5 / (sites - 1) / steps * flow;
  }
  measured.first = heat[0] / (double)steps, measured.last = heat[sites - 1] / (double)steps;
  return measured;
}

static double processorTime() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

int main(int argc, char **argv) {
  long steps = 20000, warm = 0, trajectories = 64;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!strcmp(argv[i], "--steps")) steps = atol(argv[i + 1]);
    else if (!strcmp(argv[i], "--warm")) warm = atol(argv[i + 1]);
    else if (!strcmp(argv[i], "--trajectories")) trajectories = atol(argv[i + 1]);
    else return fprintf(stderr, "unknown option %s\n", argv[i]), 2;
  }
  trajectories = (trajectories + lanes - 1) / lanes * lanes;
  const auto clock = std::chrono::steady_clock::now();
  const double processor = processorTime();
  std::vector<double> currents;
  double first = 0, last = 0;
  for (long group = 0; group < trajectories / lanes; group++) {
    Measured measured = run(warm, steps, 1 + 0x100000001b3ull * group);
    for (int l = 0; l < lanes; l++) currents.push_back(measured.current[l]);
    first += total(measured.first) / trajectories, last += total(measured.last) / trajectories;
  }
  const double used = processorTime() - processor;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - clock).count();
  double mean = 0, square = 0;
  for (double current : currents) mean += current / trajectories;
  for (double current : currents) square += (current - mean) * (current - mean);
  printf("{\"peer\": \"c++ %d lanes\", \"workload\": \"W1\", \"seconds\": %.6f, \"cpu_seconds\": %.6f, \"unit_ns\": %.4f, "
         "\"steps\": %ld, \"traj\": %ld, \"J\": %.8g, \"J_se\": %.3g, \"noise\": \"gaussian\", \"T1\": %.6g, \"TN\": %.6g}\n",
         lanes, seconds, used, 1e9 * used / ((double)trajectories * (warm + steps) * count), steps, trajectories, mean,
         std::sqrt(square / (trajectories - 1.) / trajectories), first, last);
}
