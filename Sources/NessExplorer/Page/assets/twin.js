// The classical box and the quantum one: which is the other's twin.

import { completed, bathNames } from './models.js';

/** The classical box as a quantum one, or the reverse: temperatures, length and mass stay, walls become their twins.
 * Undefined for other media. */
export function twin(values, hbar = 1) {
  if (!['box', 'quantumBox'].includes(values['medium.kind'])) return undefined;
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
