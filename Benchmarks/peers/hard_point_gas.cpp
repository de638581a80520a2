// Hard-point gas between two thermal walls, event by event: masses 1 and 3 in turn, one length per particle. A binary heap holds the time
// of the next meeting of every gap, with its place in the heap, so that a changed time moves one entry. Prints one JSON line.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <vector>

struct Heap {
  std::vector<int> heap, place;
  std::vector<double> time;
  explicit Heap(int n) : heap(n), place(n), time(n, INFINITY) {
    for (int i = 0; i < n; i++) heap[i] = place[i] = i;
  }
  void set(int event, double t) {
    double old = time[event];
    time[event] = t;
    int i = place[event];
    if (t < old) {
      while (i > 0) {
        int up = (i - 1) / 2;
        if (time[heap[up]] <= t) break;
        heap[i] = heap[up]; place[heap[i]] = i; i = up;
      }
    } else {
      int n = (int)heap.size();
      for (;;) {
        int down = 2 * i + 1;
        if (down >= n) break;
        if (down + 1 < n && time[heap[down + 1]] < time[heap[down]]) down++;
        if (time[heap[down]] >= t) break;
        heap[i] = heap[down]; place[heap[i]] = i; i = down;
      }
    }
    heap[i] = event; place[event] = i;
  }
};

struct Gas {
  int n;
  double length, hot, cold;
  std::vector<double> x, v, t, m;
  Heap events;
  std::mt19937_64 random;
  double heat_left = 0, heat_right = 0;
  long long collisions = 0;

  Gas(int n, unsigned seed) : n(n), length(n), hot(2), cold(1), x(n), v(n), t(n, 0.0), m(n), events(n + 1), random(seed) {
    std::uniform_real_distribution<double> uniform(0, length);
    std::normal_distribution<double> normal;
    for (auto &place : x) place = uniform(random);
    std::sort(x.begin(), x.end());
    for (int i = 0; i < n; i++) {
      m[i] = i % 2 ? 3 : 1;
      v[i] = normal(random) * std::sqrt((hot + (i + 0.5) / n * (cold - hot)) / m[i]);
    }
    for (int gap = 0; gap <= n; gap++) events.set(gap, meeting(gap, 0));
  }
  double meeting(int gap, double now) {
    if (gap == 0) return v[0] < 0 ? now + std::max(0.0, x[0] + v[0] * (now - t[0])) / -v[0] : INFINITY;
    double place = x[gap - 1] + v[gap - 1] * (now - t[gap - 1]);
    if (gap == n) return v[n - 1] > 0 ? now + std::max(0.0, length - place) / v[n - 1] : INFINITY;
    double closing = v[gap - 1] - v[gap];
    return closing > 0 ? now + std::max(0.0, x[gap] + v[gap] * (now - t[gap]) - place) / closing : INFINITY;
  }
  void reflect(int i, double direction, double temperature, double now, double &heat) {
    std::exponential_distribution<double> energy(1 / temperature);
    double e = energy(random);
    heat += e - 0.5 * m[i] * v[i] * v[i];
    v[i] = direction * std::sqrt(2 * e / m[i]);
    x[i] = direction > 0 ? 0 : length;
    t[i] = now;
  }
  void fly(double end) {
    for (;;) {
      int gap = events.heap[0];
      double now = events.time[gap];
      if (now > end) return;
      collisions++;
      if (gap == 0) reflect(0, 1, hot, now, heat_left);
      else if (gap == n) reflect(n - 1, -1, cold, now, heat_right);
      else {
        int i = gap - 1, j = gap;
        double place = 0.5 * (x[i] + v[i] * (now - t[i]) + x[j] + v[j] * (now - t[j]));
        double change = 2 * (v[j] - v[i]) / (m[i] + m[j]);
        v[i] += m[j] * change;
        v[j] -= m[i] * change;
        x[i] = x[j] = place;
        t[i] = t[j] = now;
      }
      events.set(gap, INFINITY);
      if (gap > 0) events.set(gap - 1, meeting(gap - 1, now));
      if (gap < n) events.set(gap + 1, meeting(gap + 1, now));
    }
  }
};

int main(int count, char **words) {
  int n = 1000, replicas = 16;
  double duration = 1000;
  for (int i = 1; i + 1 < count; i += 2) {
    if (!std::strcmp(words[i], "--particles")) n = std::atoi(words[i + 1]);
    if (!std::strcmp(words[i], "--duration")) duration = std::atof(words[i + 1]);
  }
  std::clock_t start = std::clock();
  double sum = 0, squares = 0;
  long long collisions = 0;
  for (int replica = 0; replica < replicas; replica++) {
    Gas gas(n, 1000 + replica);
    gas.fly(duration);
    double current = 0.5 * (gas.heat_left - gas.heat_right) / duration;
    sum += current;
    squares += current * current;
    collisions += gas.collisions;
  }
  double cpu = (double)(std::clock() - start) / CLOCKS_PER_SEC;
  double mean = sum / replicas;
  double error = std::sqrt(std::max(0.0, squares / replicas - mean * mean) / (replicas - 1));
  std::printf("{\"peer\": \"c++\", \"workload\": \"W6\", \"n\": %d, \"collisions\": %lld, \"cpu_seconds\": %.6f, \"unit_ns\": %.4f, "
              "\"J\": %.10g, \"J_se\": %.4g}\n", n, collisions, cpu, 1e9 * cpu / collisions, mean, error);
}
