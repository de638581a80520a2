// A network that is drawn by pointing: what is drawn is what the program reads, whatever is clicked in whatever order.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numbers, page, program, schema } from './page.mjs';

const models = await page('models.js');
const state = await page('state.js');
const edit = await page('network-edit.js');
models.learn(schema(), []);

const folder = mkdtempSync(join(tmpdir(), 'ness-drawn-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Bonds and baths of a network as the program reads it, from exact theory: every bond has a current and every bath its heat. */
function read(values) {
  const file = join(folder, 'drawn.yaml');
  writeFileSync(file, JSON.stringify({ ...state.unflatten(values), quantities: ['bondHeatCurrent', 'kineticTemperature', 'heatFrom'] }));
  const [point] = JSON.parse(execFileSync(program(), ['theory', file, '--format', 'json', '--method', 'markov', '--quiet'])).points;
  const found = (name) => point.estimates.find((each) => each.quantity === name);
  return {
    bonds: found('bondHeatCurrent').axes[0].names,
    sites: found('kineticTemperature').values.length,
    baths: point.estimates.map((each) => each.quantity).filter((name) => name.startsWith('heatFrom.')).map((name) => name.slice(9)),
  };
}

const bath = (temperature, site) => ({ kind: 'langevin', temperature, friction: 1, ...(site ? { site } : {}) });
// Every site is held otherwise, so that no mode is at rest where the baths are.
const starts = [
  { lattice: { chain: 3 }, bonds: [[1, 3, 0.5]] }, { lattice: { square: [2, 2] } }, { lattice: { sites: 3 }, bonds: [[1, 2], { between: [2, 3], potential: 'r^2' }] },
].map((medium) => ({ medium: { kind: 'network', site: '(1 + j/7)*q^2/2', ...medium }, baths: { left: bath(2), right: bath(1) } }));

/** What the picture of a drawn network is made of, kept beside it. */
function sceneOf(values, sites, bonds, baths) {
  return { sites, bonds, baths: baths.map(([name, site]) => ({ name, site })) };
}

test('sites, bonds and baths that are added and taken away are those that the program finds', () => {
  const next = numbers(5);
  const pick = (list) => list[Math.floor(next() * list.length)];
  for (const [index, start] of starts.entries()) {
    let { values } = state.fromExperiment(start);
    const first = read(values);
    let sites = first.sites;
    let bonds = first.bonds.map((bond) => bond.split('-').map(Number));
    let baths = [['left', 1], ['right', sites]];
    for (let step = 0; step < 8; step += 1) {
      const scene = sceneOf(values, sites, bonds, baths);
      const site = 1 + Math.floor(next() * sites);
      const action = pick(['site', 'bond', 'bath', 'cut', 'cool']);
      if (action === 'site') {
        values = edit.withSite(values, scene, site);
        baths = baths.map(([name, place]) => [models.bathNames(values).includes(name) ? name : models.bathNames(values).find((each) => !baths.some(([old]) => old === each)), place]);
        sites += 1;
        bonds = [...bonds, [site, sites]];
      } else if (action === 'bond') {
        const other = 1 + Math.floor(next() * sites);
        if (other === site || bonds.some((pair) => pair.includes(site) && pair.includes(other))) continue;
        values = edit.withBond(values, site, other);
        bonds = [...bonds, [site, other].sort((a, b) => a - b)];
      } else if (action === 'bath') {
        if (baths.some(([, place]) => place === site)) continue;
        const before = models.bathNames(values);
        values = edit.withBath(values, site);
        baths = [...baths, [models.bathNames(values).find((name) => !before.includes(name)), site]];
      } else if (action === 'cut') {
        // Only a bond of a loop: a part without a bath is refused, and rightly.
        const pair = pick(bonds);
        const rest = bonds.filter((each) => each !== pair);
        const reached = new Set([pair[0]]);
        for (let round = 0; round < sites; round += 1) for (const [a, b] of rest) if (reached.has(a) !== reached.has(b)) { reached.add(a); reached.add(b); }
        if (!reached.has(pair[1])) continue;
        values = edit.withoutBond(values, scene, pair);
        bonds = rest;
      } else if (baths.length > 2) {
        const [name] = pick(baths);
        values = edit.withoutBath(values, name);
        baths = baths.filter(([each]) => each !== name);
      }
      const found = read(values);
      assert.equal(found.sites, sites, `${index} ${action}`);
      assert.deepEqual([...found.bonds].sort(), bonds.map((pair) => pair.join('-')).sort(), `${index} ${action}`);
      assert.deepEqual(found.baths.sort(), baths.map(([name]) => name).sort(), `${index} ${action}`);
      // The page has it as it will be sent.
      assert.deepEqual(models.completed(values), values);
    }
    assert.ok(sites > first.sites || bonds.length !== first.bonds.length || baths.length !== 2, `nothing happened to ${index}`);
  }
});

test('a bath at several sites stays one, and loses the site that is pointed at', () => {
  for (const sites of ['1-3', [1, 2, 3]]) {
    const start = { ...starts[0], medium: { ...starts[0].medium, lattice: { chain: 5 } }, baths: { hot: { ...bath(2), sites }, right: bath(1) } };
    const { values } = state.fromExperiment(start);
    assert.deepEqual(models.completed(values), values);
    assert.deepEqual(read(values).baths.sort(), ['hot', 'hot-1', 'hot-2', 'hot-3', 'right']);
    const fewer = edit.withoutBath(values, 'hot-2');
    assert.deepEqual(read(fewer).baths.sort(), ['hot', 'hot-1', 'hot-3', 'right']);
    const one = edit.withoutBath(fewer, 'hot-3');
    assert.deepEqual(read(one).baths.sort(), ['hot', 'right']);
    assert.deepEqual(models.bathNames(edit.withoutBath(one, 'hot')), ['right']);
  }
});

test('what would be lost by drawing stands in the way, and is told', () => {
  const values = (medium) => state.fromExperiment({ ...starts[0], medium: { ...starts[0].medium, ...medium } }).values;
  assert.match(edit.obstacle(values({ walls: { left: true, right: true } }), true), /walls/);
  assert.match(edit.obstacle(values({ bonds: { file: 'edges.csv' } }), true), /file/);
  assert.equal(edit.obstacle(values({ walls: { left: true, right: true } }), false), undefined);
  assert.equal(edit.obstacle(values({}), true), undefined);
});
