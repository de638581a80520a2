// W5: networks between Langevin baths, as one would write them by hand for speed: replicas lie side by side in the lanes of a
// vector register; every step one loop for the drift, one for the forces, one for the kicks. Models and parameters as in
// `ness bench --workload W5-phi4`, W5-fk, W5-rotor, W5-formula, W5-rational and W5-lattice: m = gamma = 1, T = 2 and 1, time step 0.02, displacements zero at the
// start, velocities by a straight line of temperatures; heats from every step, kinetic temperatures and flows from every 16th (lattice: 8th).
// Options: --model phi4|fk|rotor|formula|rational|lattice --steps S --warm W --replicas R.
// Build: g++ -O3 -march=native -mprefer-vector-width=512 -ffast-math -fopenmp-simd network.cpp
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
constexpr int sites = 1024, side = 32;
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
  Vector nextVector() {
    Vector x;
    for (int l = 0; l < lanes; l++) x[l] = next();
    return x;
  }
};

constexpr double h = 0.02, hot = 2, cold = 1, V = 5;
enum Model { phi4, fk, rotor, formula, rational, lattice };

struct State {
  alignas(64) Vector q[sites], v[sites], f[sites], s[sites], kinetic[sites], flow[2 * sites];
};

// The sine of an angle in every lane, which the compiler takes from its library of vector functions.
static inline Vector sine(Vector angle) {
  alignas(64) double in[lanes], out[lanes];
  std::memcpy(in, &angle, sizeof in);
#pragma omp simd
  for (int l = 0; l < lanes; l++) out[l] = std::sin(in[l]);
  Vector result;
  std::memcpy(&result, out, sizeof out);
  return result;
}

static inline Vector size(Vector r) {
  for (int l = 0; l < lanes; l++) r[l] = std::fabs(r[l]);
  return r;
}

// V' of a bond.
template <Model model> static inline Vector slope(Vector r) {
  if (model == lattice) return r + r * r * r;
  if (model == rotor) return sine(r);
  if (model == formula) return r + r * r * r + r * size(r);
  if (model == rational) return r + r * r * r - 2 * r / ((1 + r * r) * (1 + r * r));
  return r;
}

template <Model model> static void forces(State &x) {
  Vector *__restrict q = x.q, *__restrict f = x.f;
  if (model == lattice) {
    for (int i = 0; i < sites; i++) f[i] = all(0);
    for (int y = 0; y < side; y++) {
      for (int i = side * y; i < side * y + side - 1; i++) {
        const Vector pull = slope<model>(q[i + 1] - q[i]);
        f[i] += pull;
        f[i + 1] -= pull;
      }
    }
    for (int i = 0; i < sites - side; i++) {
      const Vector pull = slope<model>(q[i + side] - q[i]);
      f[i] += pull;
      f[i + side] -= pull;
    }
    return;
  }
  Vector left = all(0);
  for (int i = 0; i < sites; i++) {
    const Vector right = i + 1 < sites ? slope<model>(q[i + 1] - q[i]) : all(0);
    const Vector field = model == phi4 ? q[i] * q[i] * q[i] : model == fk ? (V / (2 * M_PI)) * sine(2 * M_PI * q[i]) : all(0);
    f[i] = right - left - field;
    left = right;
  }
}

template <Model model> static void flows(State &x) {
  for (int i = 0; i + 1 < sites; i++) {
    if (model == lattice && i % side == side - 1) continue;
    x.flow[i] -= slope<model>(x.q[i + 1] - x.q[i]) * (x.s[i] + x.s[i + 1]);
  }
  for (int i = 0; model == lattice && i < sites - side; i++) {
    x.flow[sites + i] -= slope<model>(x.q[i + side] - x.q[i]) * (x.s[i] + x.s[i + side]);
  }
}

// Half a kick, the bath, half a kick; returns the heat.
static Vector bathed(State &x, int i, double temperature, Gaussians &noise) {
  static const double keep = std::exp(-h);
  const Vector middle = x.v[i] + (h / 2) * x.f[i];
  const Vector after = keep * middle + std::sqrt(temperature * (1 - keep * keep)) * noise.nextVector();
  x.v[i] = after + (h / 2) * x.f[i];
  return 0.5 * (after - middle) * (after + middle);
}

template <Model model> __attribute__((noinline)) static Vector step(State &x, bool measure, Gaussians &noise) {
  for (int i = 0; i < sites; i++) x.q[i] += h * x.v[i];
  forces<model>(x);
  if (measure) std::memcpy((void *)x.s, (void *)x.v, sizeof x.s);
  Vector heat = all(0);
  // The sites of the baths are kicked with them.
  auto kick = [&](int from, int to) { for (int i = from; i < to; i++) x.v[i] += h * x.f[i]; };
  if (model == lattice) {
    for (int y = 0; y < side; y++) {
      heat += bathed(x, side * y, hot, noise);
      kick(side * y + 1, side * y + side - 1);
      heat -= bathed(x, side * y + side - 1, cold, noise);
    }
  } else {
    heat += bathed(x, 0, hot, noise);
    kick(1, sites - 1);
    heat -= bathed(x, sites - 1, cold, noise);
  }
  if (measure) {
    for (int i = 0; i < sites; i++) {
      x.kinetic[i] += x.v[i] * x.v[i];
      x.s[i] += x.v[i];
    }
    flows<model>(x);
  }
  return heat;
}

static double processor() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

int main(int count, char **arguments) {
  const char *name = "phi4";
  long steps = 200000, warm = 0, replicas = 8;
  for (int i = 1; i + 1 < count; i += 2) {
    const double value = std::atof(arguments[i + 1]);
    if (!std::strcmp(arguments[i], "--model")) name = arguments[i + 1];
    else if (!std::strcmp(arguments[i], "--steps")) steps = (long)value;
    else if (!std::strcmp(arguments[i], "--warm")) warm = (long)value;
    else if (!std::strcmp(arguments[i], "--replicas")) replicas = (long)value;
    else return std::fprintf(stderr, "unknown option %s\n", arguments[i]), 2;
  }
  const Model model = !std::strcmp(name, "fk") ? fk : !std::strcmp(name, "rotor") ? rotor
                      : !std::strcmp(name, "formula") ? formula : !std::strcmp(name, "rational") ? rational
                      : !std::strcmp(name, "lattice") ? lattice : phi4;
  // As often as Ness, whose readings are at most the time of the fastest oscillation apart.
  const long reading = model == lattice ? 8 : 16;
  static State x;
  std::vector<double> currents;
  const double startTime = processor();
  const auto start = std::chrono::steady_clock::now();
  for (long first = 0; first < replicas; first += lanes) {
    Gaussians noise(first + 1);
    std::memset((void *)&x, 0, sizeof x);
    // Near the steady state, as Ness begins: temperatures in a straight line, twice as high, for half becomes potential.
    for (int i = 0; i < sites; i++) {
      const double share = model == lattice ? (i % side) / (side - 1.0) : i / (sites - 1.0);
      x.v[i] = std::sqrt(2 * (hot + (cold - hot) * share)) * noise.nextVector();
    }
    Vector sum = all(0);
    for (long s = -warm; s < steps; s++) {
      const bool measure = s >= 0 && s % reading == 0;
      const Vector heat = model == phi4 ? step<phi4>(x, measure, noise)
                          : model == fk ? step<fk>(x, measure, noise) : model == rotor ? step<rotor>(x, measure, noise)
                          : model == formula ? step<formula>(x, measure, noise)
                          : model == rational ? step<rational>(x, measure, noise) : step<lattice>(x, measure, noise);
      if (s >= 0) sum += heat;
    }
    for (int l = 0; l < lanes; l++) currents.push_back(0.5 * sum[l] / (steps * h));
  }
  const double used = processor() - startTime;
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double all = currents.size();
  double mean = 0, variance = 0;
  for (double j : currents) mean += j / all;
  for (double j : currents) variance += (j - mean) * (j - mean) / (all - 1.0) / all;
  std::printf("{\"peer\": \"c++ %d lanes\", \"workload\": \"W5-%s\", \"seconds\": %.6f, \"cpu_seconds\": %.6f, \"unit_ns\": %.5f, "
              "\"steps\": %ld, \"warm\": %ld, \"replicas\": %ld, \"N\": %d, \"J\": %.8g, \"J_se\": %.3g, \"Tmid\": %.6g}\n",
              lanes, name, elapsed, used, used * 1e9 / ((double)sites * (steps + warm) * all), steps, warm, (long)all, sites,
              mean, std::sqrt(variance), x.kinetic[sites / 2][0] / (double)((steps + reading - 1) / reading));
}
