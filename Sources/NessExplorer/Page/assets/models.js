// What can be set: every parameter of every medium and bath, with its symbol in the papers, its dimension and a good range.
// `scale` says how a slider runs: 'log', 'linear', or 'power' (cubic, from 0).

const temperature = {
  symbol: 'T', name: 'temperature', unit: 'energy', min: 0, max: 400, scale: 'power', fallback: 10,
};
const hotTemperature = { ...temperature, min: 0.5, max: 1000, scale: 'log' };

const media = {
  chain: {
    sites: { symbol: 'N', name: 'sites', min: 1, max: 128, scale: 'log', integer: true, fallback: 8 },
    mass: { symbol: 'm', name: 'mass', unit: 'mass', min: 0.05, max: 20, scale: 'log', fallback: 1 },
    spring: { symbol: 'k', name: 'spring', unit: 'mass/time²', min: 0.02, max: 50, scale: 'log', fallback: 1 },
    pinning: { symbol: 'K', name: 'pinning', note: 'of both ends', unit: 'mass/time²', min: 0, max: 20, scale: 'power', fallback: 1 },
    'pinning.left': { symbol: 'K_left', name: 'pinning', unit: 'mass/time²', min: 0, max: 20, scale: 'power', fallback: 1 },
    'pinning.right': { symbol: 'K_right', name: 'pinning', unit: 'mass/time²', min: 0, max: 20, scale: 'power', fallback: 1 },
    quartic: { symbol: 'β', name: 'quartic bonds', unit: 'energy/length⁴', min: 0, max: 10, scale: 'power', fallback: 0 },
  },
  box: {
    length: { symbol: 'l', name: 'length', unit: 'length', min: 0.1, max: 10, scale: 'log', fallback: 1 },
    mass: { symbol: 'm', name: 'mass', unit: 'mass', min: 0.1, max: 10, scale: 'log', fallback: 1 },
  },
  quantumBox: {
    hbar: { symbol: 'ħ', name: 'hbar', note: 'towards 0 the box becomes classical', unit: 'energy time', min: 0.05, max: 5, scale: 'log', fallback: 1 },
    length: { symbol: 'l', name: 'length', unit: 'length', min: 0.1, max: 10, scale: 'log', fallback: 1 },
    mass: { symbol: 'm', name: 'mass', unit: 'mass', min: 0.1, max: 10, scale: 'log', fallback: 1 },
    levels: {
      symbol: 'M', name: 'levels', note: 'left out: as many as the current needs', min: 2, max: 256, scale: 'log',
      integer: true, optional: true,
    },
  },
};

const baths = {
  particles: {
    temperature: hotTemperature,
    friction: { symbol: 'ζ', name: 'friction', note: 'of one particle on the ring', unit: 'mass/time', min: 0.001, max: 10, scale: 'log', fallback: 0.1 },
    coupling: { symbol: 'ε', name: 'coupling', unit: 'energy/length', min: 0.01, max: 2, scale: 'log', fallback: 0.2 },
    count: { symbol: 'N_b', name: 'particles', min: 1, max: 400, scale: 'log', integer: true, fallback: 40 },
    strength: { symbol: 'λ', name: 'strength', note: 'mean of the interaction over the ring', min: 0.1, max: 10, scale: 'log', fallback: 1 },
    sharpness: { symbol: 'p', name: 'sharpness', min: 0, max: 20, scale: 'power', fallback: 2 },
    ring: { symbol: 'L', name: 'ring', unit: 'length', min: 1, max: 200, scale: 'log', fallback: 25 },
  },
  langevin: {
    temperature,
    friction: { symbol: 'γ', name: 'friction', unit: 'mass/time', min: 0.01, max: 50, scale: 'log', fallback: 1 },
  },
  maxwell: { temperature },
  metropolis: {
    temperature,
    proposal: { name: 'a move changes', options: ['energy', 'speed'], fallback: 'energy' },
    width: { symbol: 'w', name: 'width', note: 'of a move', unit: 'energy or speed', min: 0.05, max: 200, scale: 'log', fallback: 10 },
    moves: { symbol: 'n', name: 'moves', note: 'at each collision', min: 1, max: 64, scale: 'log', integer: true, fallback: 1 },
  },
  lindblad: {
    temperature,
    coupling: {
      name: 'coupling', options: ['maxwell', 'wall', 'uniform', 'nearest', 'position', 'collision'], fallback: 'maxwell',
    },
    spectrum: {
      name: 'spectrum', options: ['metropolis', 'ohmic', 'bosonic', 'glauber'], fallback: 'metropolis',
      unless: { coupling: 'maxwell' },
    },
    width: {
      symbol: 'w', name: 'width', note: 'of a collision', unit: 'energy', min: 0.5, max: 400, scale: 'log', fallback: 40,
      only: { coupling: 'collision' },
    },
    rate: { symbol: 'Γ', name: 'rate', unit: '1/time', min: 0.01, max: 100, scale: 'log', fallback: 1 },
  },
};

export const bathKinds = {
  chain: ['particles', 'langevin'], box: ['maxwell', 'metropolis'], quantumBox: ['lindblad'],
};

export const kindNames = {
  chain: 'Chain', box: 'Classical box', quantumBox: 'Quantum box',
  particles: 'particles on a ring', langevin: 'Langevin', maxwell: 'Maxwell wall', metropolis: 'Metropolis wall',
  lindblad: 'quantum bath',
};

/** The models of the top row, in order; `fits` tells whether a set of values is one of them. */
export const models = [
  { name: 'particles', title: 'Hot particles', medium: 'chain', baths: ['particles', 'langevin'] },
  { name: 'both', title: 'Particles at both ends', medium: 'chain', baths: ['particles', 'particles'] },
  { name: 'langevin', title: 'Langevin chain', medium: 'chain', baths: ['langevin', 'langevin'] },
  { name: 'box', title: 'Classical box', medium: 'box' },
  { name: 'quantum', title: 'Quantum box', medium: 'quantumBox' },
];

/** Which of `models` the values belong to, or undefined. */
export function modelOf(values) {
  return models.find((model) => model.medium === values['medium.kind']
    && (!model.baths || model.baths.every((kind, end) => values[`baths.${['left', 'right'][end]}.kind`] === kind)));
}

/** The names of the baths, in their order. */
export function bathNames(values) {
  const names = Object.keys(values).filter((path) => path.startsWith('baths.')).map((path) => path.split('.')[1]);
  return [...new Set(names)];
}

/** The fields of a group (`medium` or `baths.NAME`) that apply to these values: [[path, field], …]. */
export function fieldsOf(values, group) {
  const table = (group === 'medium' ? media : baths)[values[`${group}.kind`]] ?? {};
  const splitPinning = 'medium.pinning.left' in values;
  return Object.entries(table).filter(([key, field]) => {
    if (key.startsWith('pinning')) return (key === 'pinning') !== splitPinning;
    const is = (condition) => Object.entries(condition).every(([other, value]) => values[`${group}.${other}`] === value);
    return !(field.unless && is(field.unless)) && !(field.only && !is(field.only));
  }).map(([key, field]) => [`${group}.${key}`, describe(field, group)]);
}

function describe(field, group) {
  const bath = group.split('.')[1];
  if (!bath || !field.symbol) return field;
  return { ...field, symbol: `${field.symbol.split('_')[0]}_${field.symbol === 'N_b' ? 'b,' : ''}${bath}`, plain: field.symbol };
}

/** The field of a path, or undefined where the page does not know it. */
export function fieldOf(values, path) {
  const group = path.startsWith('medium.') ? 'medium' : path.split('.').slice(0, 2).join('.');
  return fieldsOf(values, group).find(([known]) => known === path)?.[1];
}

/** All paths with numbers that can lie on the horizontal axis. */
export function axisPaths(values) {
  const groups = [...bathNames(values).map((name) => `baths.${name}`), 'medium'];
  return groups.flatMap((group) => fieldsOf(values, group))
    .filter(([path, field]) => field.symbol && (typeof values[path] === 'number'))
    .map(([path, field]) => ({ path, field }));
}

export function isTemperature(path) {
  return /^baths\.[^.]+\.temperature$/.test(path);
}

/** Values with every key of their kinds, and without keys that do not apply to them. */
export function completed(values) {
  const result = {};
  for (const group of ['medium', ...bathNames(values).map((name) => `baths.${name}`)]) {
    result[`${group}.kind`] = values[`${group}.kind`];
    const draft = { ...values };
    for (const [path, field] of fieldsOf(values, group)) if (!(path in draft) && !field.optional) draft[path] = field.fallback;
    for (const [path] of fieldsOf(draft, group)) if (draft[path] !== undefined) result[path] = draft[path];
    for (const [path, value] of Object.entries(values)) {
      const known = path in ((group === 'medium' ? media : baths)[values[`${group}.kind`]] ?? {});
      if (path.startsWith(`${group}.`) && !known && typeof value === 'object') result[path] = value;
      if (path === `${group}.site` || path === `${group}.amplitude`) result[path] = value;
    }
  }
  return result;
}

/** The bath of another kind: its own defaults, the temperature kept. */
export function withBathKind(values, name, kind) {
  const group = `baths.${name}`;
  const kept = Object.fromEntries(Object.entries(values).filter(([path]) => !path.startsWith(`${group}.`)));
  const old = values[`${group}.temperature`];
  const lowest = baths[kind].temperature.min;
  return completed({ ...kept, [`${group}.kind`]: kind, [`${group}.temperature`]: Math.max(lowest, old ?? 10) });
}

/** The classical box as a quantum one, or the reverse: temperatures, length and mass stay, walls become their twins. */
export function twin(values, hbar = 1) {
  const quantum = values['medium.kind'] === 'box';
  const result = { 'medium.kind': quantum ? 'quantumBox' : 'box' };
  for (const key of ['length', 'mass']) result[`medium.${key}`] = values[`medium.${key}`];
  if (quantum) result['medium.hbar'] = hbar;
  for (const name of bathNames(values)) {
    const group = `baths.${name}`;
    const of = (key) => values[`${group}.${key}`];
    const put = (entries) => Object.entries(entries).forEach(([key, value]) => { result[`${group}.${key}`] = value; });
    const moves = quantum ? of('kind') === 'metropolis' : of('coupling') === 'collision';
    put({ kind: quantum ? 'lindblad' : moves ? 'metropolis' : 'maxwell', temperature: of('temperature') });
    if (quantum) put(moves ? { coupling: 'collision', spectrum: 'metropolis', width: of('width') } : { coupling: 'maxwell' });
    else if (moves) put({ proposal: 'energy', width: of('width'), moves: 1 });
  }
  return completed(result);
}

/** The classical box that a quantum one approaches as ħ → 0, if Ness knows the factor between them; else undefined. */
export function classicalLimit(values) {
  if (values['medium.kind'] !== 'quantumBox') return undefined;
  const walls = bathNames(values).map((name) => `baths.${name}`);
  const thermalising = walls.every((wall) => values[`${wall}.coupling`] === 'maxwell' && values[`${wall}.rate`] === 1);
  return thermalising ? { values: twin(values), factor: 0.5 } : undefined;
}
