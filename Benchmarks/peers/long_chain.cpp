// W2: a chain of 1024 sites between Langevin baths, as one would write it by hand for speed: as many pieces of the chain as
// a vector register has lanes lie side by side, so that neighbours are neighbouring vectors; one pass per step.
// Units and parameters as in `ness bench --workload W2-harm` and W2-fput: m = k = K = gamma = 1, T_L = 2, T_R = 1, time
// step 0.01, displacements zero and velocities at T = 1.5 at the start; current from every step, kinetic temperatures
// from every tenth. Options: --beta 0|1 --steps S --warm W --replicas R.
// Build: g++ -O3 -march=native -mprefer-vector-width=512 -ffast-math -fopenmp-simd long_chain.cpp
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

// g++ turns vectors wider than a register into scalars.
#if defined(__AVX512F__)
constexpr int lanes = 8;
#elif defined(__AVX__)
constexpr int lanes = 4;
#else
constexpr int lanes = 2;
#endif
constexpr int sites = 1024, length = sites / lanes;
typedef double Vector __attribute__((vector_size(8 * lanes)));
static Vector all(double a) { return Vector{} + a; }

// Gaussians by Box and Muller, drawn in bulk from counters hashed by splitmix64, so that the compiler vectorises them.
class Gaussians {
  static constexpr int half = 512;
  alignas(64) double values[2 * half];
  uint64_t counter;
  int used = 2 * half;
  static uint64_t hash(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  __attribute__((noinline)) void refill() {
    // Separate loops: a sine and a cosine of one angle would become one call that does not vectorise.
    alignas(64) double radius[half], angle[half];
#pragma omp simd
    for (int i = 0; i < half; i++) {
      const uint64_t first = counter + 0x9e3779b97f4a7c15u * (2 * i), second = first + 0x9e3779b97f4a7c15u;
      radius[i] = std::sqrt(-2 * std::log((int64_t)(hash(first) >> 12) * 0x1p-52 + 0x1p-53));
      angle[i] = 2 * M_PI * ((int64_t)(hash(second) >> 12) * 0x1p-52) - M_PI;
    }
#pragma omp simd
    for (int i = 0; i < half; i++) values[i] = radius[i] * std::cos(angle[i]);
#pragma omp simd
    for (int i = 0; i < half; i++) values[half + i] = radius[i] * std::sin(angle[i]);
    counter += 0x9e3779b97f4a7c15u * (2 * half);
    used = 0;
  }
 public:
  explicit Gaussians(uint64_t seed) : counter(hash(seed * 0x9e3779b97f4a7c15u + 1)) {}
  double next() {
    if (used == 2 * half) refill();
    return values[used++];
  }
};

constexpr double h = 0.01, hot = 2, cold = 1;

// What is special at an end of the chain: the lane of its site, its pinning, what friction leaves, and the noise.
struct End {
  int lane;
  double strength;
  Vector pinning = all(0), keep = all(1);
  End(int lane, double temperature) : lane(lane) {
    keep[lane] = std::exp(-h);
    strength = std::sqrt(temperature * (1 - keep[lane] * keep[lane]));
    pinning[lane] = 1;
  }
};
static const End hotEnd(0, hot), coldEnd(lanes - 1, cold);

// Displacements have drifted already for the next kick.
struct Chain {
  // The odd distance keeps displacements and velocities from falling on the same lines of a cache set.
  alignas(4096) Vector q[length];
  alignas(64) char gap[40 * 64];
  Vector v[length];
  Vector kinetic[length];
};

template <bool quartic> static inline Vector pull(Vector r, double beta) {
  return quartic ? r * (beta * (r * r) + 1.0) : r;
}

// One step; returns the sum over the bonds of -2 times their current.
template <bool quartic, bool measure>
__attribute__((noinline)) static double step(Chain &chain, double beta, Gaussians &noise) {
  Vector *__restrict q = chain.q, *__restrict v = chain.v, *__restrict kinetic = chain.kinetic;
  const Vector firstNow = q[0], lastNow = q[length - 1];
  Vector before = firstNow, after = lastNow;  // neighbours across the seams; the free ends pull on themselves
  for (int l = 1; l < lanes; l++) before[l] = lastNow[l - 1], after[l - 1] = firstNow[l];
  Vector left = pull<quartic>(firstNow - before, beta), now = firstNow, flow = all(0), more = all(0);
  auto move = [&](int i, Vector next, Vector &sum, const End *end) __attribute__((always_inline)) {
    const Vector right = pull<quartic>(next - now, beta);
    const Vector force = end ? right - left - end->pinning * now : right - left;
    Vector middle = v[i] + (h / 2) * force, kicked;
    if (end) {
      Vector kick = {};
      kick[end->lane] = end->strength * noise.next();
      const Vector bathed = end->keep * middle + kick;
      kicked = bathed + (h / 2) * force;
      middle = 0.5 * (middle + bathed);
    } else {
      kicked = middle + (h / 2) * force;
    }
    sum += middle * (left + right);
    if (measure) kinetic[i] += kicked * kicked;
    v[i] = kicked;
    q[i] = now + h * kicked;
    now = next;
    left = right;
  };
  move(0, q[1], flow, &hotEnd);
  int i = 1;
  for (; i + 2 < length; i += 2) {
    move(i, q[i + 1], flow, nullptr);
    move(i + 1, q[i + 2], more, nullptr);
  }
  for (; i + 1 < length; i++) move(i, q[i + 1], flow, nullptr);
  move(length - 1, after, more, &coldEnd);
  flow += more;
  double sum = 0;
  for (int l = 0; l < lanes; l++) sum += flow[l];
  return sum;
}

static double processor() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

int main(int count, char **arguments) {
  double beta = 0;
  long steps = 200000, warm = 0, replicas = 8;
  for (int i = 1; i + 1 < count; i += 2) {
    const double value = std::atof(arguments[i + 1]);
    if (!std::strcmp(arguments[i], "--beta")) beta = value;
    else if (!std::strcmp(arguments[i], "--steps")) steps = (long)value;
    else if (!std::strcmp(arguments[i], "--warm")) warm = (long)value;
    else if (!std::strcmp(arguments[i], "--replicas")) replicas = (long)value;
    else return std::fprintf(stderr, "unknown option %s\n", arguments[i]), 2;
  }
  static Chain chain;
  std::vector<double> currents;
  double squares[3] = {0, 0, 0};
  const double startTime = processor();
  const auto start = std::chrono::steady_clock::now();
  for (long replica = 0; replica < replicas; replica++) {
    Gaussians noise(replica + 1);
    for (int i = 0; i < length; i++) {
      chain.q[i] = chain.kinetic[i] = all(0);
      for (int l = 0; l < lanes; l++) chain.v[i][l] = std::sqrt(0.5 * (hot + cold)) * noise.next();
      chain.q[i] = h * chain.v[i];
    }
    double sum = 0;
    for (long s = -warm; s < steps; s++) {
      const bool measure = s >= 0 && s % 10 == 0;
      const double now = beta != 0 ? (measure ? step<true, true>(chain, beta, noise) : step<true, false>(chain, beta, noise))
                                   : (measure ? step<false, true>(chain, 0, noise) : step<false, false>(chain, 0, noise));
      if (s >= 0) sum += now;
    }
    currents.push_back(-0.5 * sum / steps / (sites - 1));
    const int places[3] = {0, sites / 2 - 1, sites - 1};
    const double samples = (double)((steps + 9) / 10);
    for (int i = 0; i < 3; i++) squares[i] += chain.kinetic[places[i] % length][places[i] / length] / samples / replicas;
  }
  const double used = processor() - startTime;
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  double mean = 0, variance = 0;
  for (double j : currents) mean += j / replicas;
  for (double j : currents) variance += (j - mean) * (j - mean) / (replicas - 1.0) / replicas;
  std::printf("{\"peer\": \"c++ %d lanes\", \"workload\": \"W2-%s\", \"seconds\": %.6f, \"cpu_seconds\": %.6f, \"unit_ns\": %.5f, "
              "\"steps\": %ld, \"warm\": %ld, \"replicas\": %ld, \"N\": %d, \"J\": %.8g, \"J_se\": %.3g, \"T1\": %.6g, "
              "\"Tmid\": %.6g, \"TN\": %.6g}\n",
              lanes, beta != 0 ? "fput" : "harm", elapsed, used, used * 1e9 / ((double)sites * (steps + warm) * replicas), steps,
              warm, replicas, sites, mean, std::sqrt(variance), squares[0], squares[1], squares[2]);
}
