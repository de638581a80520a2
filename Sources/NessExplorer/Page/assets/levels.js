// The levels of the quantum box: populations in equilibrium, and how much heat each pair of levels carries.
// The server gives the populations and the current; what is derived here is shown only if it adds up to that current.

function speed(values, level) {
  return (Math.PI * values['medium.hbar'] * level) / (values['medium.mass'] * values['medium.length']);
}

function energy(values, level) {
  return 0.5 * values['medium.mass'] * speed(values, level) ** 2;
}

function boltzmannFactor(gap, temperature) {
  return temperature > 0 ? Math.exp(-gap / temperature) : Number(gap === 0);
}

/** Weights of all levels that matter, divided by their sum: weight(level) exp(−(E − E_1)/T). */
function normalised(values, temperature, weight) {
  const lowest = energy(values, 1);
  const result = [];
  for (let level = 1; level <= 4000; level += 1) {
    result.push(weight(level) * boltzmannFactor(energy(values, level) - lowest, temperature));
    if (result.at(-1) < 1e-14 * result[0]) break;
  }
  const sum = result.reduce((one, other) => one + other, 0);
  return result.map((each) => each / sum);
}

/** Populations in equilibrium at one temperature, of the first `count` levels: `[{x: level, y}]`. */
export function boltzmann(values, temperature, count) {
  const all = normalised(values, temperature, () => 1);
  return Array.from({ length: count }, (_, index) => ({ x: index + 1, y: all[index] ?? 0 }));
}

/** Rates of jumps of one bath, n → m, as a function (n, m); undefined for couplings that only the server knows. */
function ratesOf(values, bath) {
  const of = (key) => values[`baths.${bath}.${key}`];
  const temperature = of('temperature');
  const rate = of('rate');
  if (of('coupling') === 'maxwell') {
    const arrival = normalised(values, temperature, (level) => speed(values, level));
    return (n, m) => ((rate * speed(values, n)) / (2 * values['medium.length'])) * (arrival[m - 1] ?? 0);
  }
  const strengths = {
    wall: (n, m) => (n * m) ** 2,
    uniform: () => 1,
    nearest: (n, m) => Number(Math.abs(n - m) === 1),
    collision: (n, m) => (Math.abs(energy(values, n) - energy(values, m)) < of('width')
      ? (Math.PI * values['medium.hbar'] * speed(values, n) * speed(values, m)) / (4 * of('width') * values['medium.length'] ** 2) : 0),
  };
  const spectra = {
    ohmic: (gap, factor) => (rate * gap) / values['medium.hbar'] / (1 - factor),
    bosonic: (gap, factor) => rate / (1 - factor),
    metropolis: () => rate,
    glauber: (gap, factor) => rate / (1 + factor),
  };
  const strength = strengths[of('coupling')];
  const spectrum = spectra[of('spectrum')];
  if (!strength || !spectrum) return undefined;
  return (n, m) => {
    const gap = energy(values, n) - energy(values, m);
    const factor = boltzmannFactor(Math.abs(gap), temperature);
    return strength(n, m) * spectrum(Math.abs(gap), factor) * (gap > 0 ? 1 : factor);
  };
}

/** The heat that each bath gives through each pair of levels, strongest first: `[{bath, lower, upper, heat}]`, at most `count`
 * for each bath. Nothing if the sum is not the current `current` of the server to a thousandth of it. */
export function heatThroughLevels(values, populations, current, count) {
  const levels = populations.filter((level) => level.y > 1e-10);
  const result = [];
  for (const bath of ['left', 'right']) {
    const rate = ratesOf(values, bath);
    if (!rate) return [];
    const pairs = [];
    for (const upper of levels) {
      for (const lower of levels) {
        if (lower.x >= upper.x) break;
        const gap = energy(values, upper.x) - energy(values, lower.x);
        pairs.push({ bath, lower: lower.x, upper: upper.x, heat: gap * (rate(lower.x, upper.x) * lower.y - rate(upper.x, lower.x) * upper.y) });
      }
    }
    const sum = pairs.reduce((total, pair) => total + pair.heat, 0);
    const wanted = bath === 'left' ? current : -current;
    if (!(Math.abs(sum - wanted) <= 1e-3 * Math.abs(current))) return [];
    pairs.sort((one, other) => Math.abs(other.heat) - Math.abs(one.heat));
    result.push(...pairs.slice(0, count));
  }
  return result;
}
