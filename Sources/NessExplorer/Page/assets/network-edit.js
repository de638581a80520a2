// A network changed by pointing at its picture: what becomes of the keys of its file. Sites count from 1.

import { bathKinds, bathNames, completed } from './models.js';

const same = (one, other) => Math.min(...one) === Math.min(...other) && Math.max(...one) === Math.max(...other);

/** The two sites of an entry of `bonds`: `[i, j]`, `[i, j, factor]` or `{between: [i, j], ...}`. */
const pairOf = (entry) => (Array.isArray(entry) ? entry.slice(0, 2) : entry.between ?? []);

const path = 'medium.bonds';

/** Why a network cannot be changed by pointing; undefined if it can. `isShape`: whether its sites or bonds change, not only its baths. */
export function obstacle(values, isShape) {
  if (!isShape) return undefined;
  if (`${path}.file` in values) return 'The bonds come from a file; write them into the field bonds to change them here.';
  if (Object.keys(values).some((each) => each.startsWith('medium.walls.'))) return 'Walls belong to a plain chain: empty the field walls first.';
  return undefined;
}

/** The network with a bond between two sites that none joins; its potential is that of `bond`. */
export function withBond(values, one, other) {
  const own = values[path] ?? [];
  return { ...values, [path]: [...own, [Math.min(one, other), Math.max(one, other)]] };
}

/** The network with one site more, joined to `neighbour`. `scene` has its sites, bonds and baths as they are. */
export function withSite(values, scene, neighbour) {
  const last = scene.sites + 1;
  return byHand(values, scene, last, (pairs) => [...pairs, [neighbour, last]]);
}

/** The network without the bonds between two sites. */
export function withoutBond(values, scene, pair) {
  return byHand(values, scene, scene.sites, (pairs) => pairs.filter((entry) => !same(pairOf(entry), pair)));
}

/** The network with a Langevin bath, or the first kind that there is, on a site; as hot as the others are on average. */
export function withBath(values, site) {
  const temperatures = bathNames(values).map((name) => values[`baths.${name}.temperature`]).filter(Number.isFinite);
  const mean = temperatures.reduce((sum, each) => sum + each, 0) / Math.max(1, temperatures.length) || 1;
  const kinds = bathKinds(values);
  const group = `baths.${freeName(values)}`;
  return completed({
    ...values, [`${group}.kind`]: kinds.includes('langevin') ? 'langevin' : kinds[0], [`${group}.site`]: site,
    [`${group}.temperature`]: Number(mean.toPrecision(3)), [`${group}.friction`]: 1,
  });
}

/** A name that no bath has. */
function freeName(values) {
  const names = bathNames(values);
  let number = 1;
  while (names.includes(`bath${number}`)) number += 1;
  return `bath${number}`;
}

/** The network without a bath; of one at several sites, which has a name of its own at each, without that site. */
export function withoutBath(values, name) {
  const [, owner, site] = name.match(/^(.*)-(\d+)$/) ?? [];
  const sites = values[`baths.${owner}.sites`];
  if (sites !== undefined && !bathNames(values).includes(name)) {
    const [, first, last] = String(sites).match(/^(\d+) *- *(\d+)$/) ?? [];
    const list = Array.isArray(sites) ? sites : first
      ? Array.from({ length: last - first + 1 }, (_, index) => Number(first) + index) : [];
    const kept = list.filter((each) => each !== Number(site));
    return kept.length > 0 ? { ...values, [`baths.${owner}.sites`]: kept } : withoutBath(values, owner);
  }
  return Object.fromEntries(Object.entries(values).filter(([each]) => !each.startsWith(`baths.${name}.`)));
}

/** The same with every bond by hand, so that sites and bonds can be added and taken away. A bath named right always touches the last
 * site: where there are more sites now it stays at its own under another name. */
function byHand(values, scene, sites, change) {
  const own = values[path] ?? [];
  const pairs = (scene.bonds ?? []).filter((pair) => !own.some((entry) => same(pairOf(entry), pair)));
  const name = freeName(values);
  const isMoved = sites !== scene.sites && bathNames(values).includes('right');
  const kept = Object.entries(values).filter(([each]) => !each.startsWith('medium.lattice'))
    .map(([each, value]) => [isMoved ? each.replace(/^baths\.right\./, `baths.${name}.`) : each, value]);
  const place = isMoved ? { [`baths.${name}.site`]: scene.sites } : {};
  return { ...Object.fromEntries(kept), 'medium.lattice.sites': sites, [path]: change([...pairs, ...own]), ...place };
}
