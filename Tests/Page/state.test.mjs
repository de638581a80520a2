// What the sliders stand for: values, axes, sweeps and links, for every kind that the program knows.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { experiments, numbers, page, schema } from './page.mjs';

const models = await page('models.js');
const state = await page('state.js');
const link = await page('link.js');
const known = schema();
const all = experiments(known);
models.learn(known, all.map((experiment, index) => ({ name: `example-${index}`, experiment })));

const values = (experiment) => state.fromExperiment(experiment).values;

test('there are media, and baths for each', () => {
  assert.ok(known.media.length >= 3);
  for (const medium of known.media) assert.ok(medium.baths.length > 0, medium.key);
});

test('flattening and its inverse', () => {
  const tree = { medium: { kind: 'a', ends: { left: 1, right: 2 }, list: [1, [2]] }, baths: { left: { kind: 'b' } } };
  assert.deepEqual(state.unflatten(state.flatten(tree)), tree);
});

test('every kind gets a value for what it needs, once and for all', () => {
  for (const experiment of all) {
    const first = values(experiment);
    assert.deepEqual(models.completed(first), first);
    for (const group of ['medium', 'baths.left', 'baths.right']) {
      for (const [path, field] of models.fieldsOf(first, group)) {
        assert.ok(path in first || field.optional, `${path} of ${JSON.stringify(experiment)}`);
      }
    }
  }
});

test('every parameter that can lie below has a range, and a sweep within it', () => {
  for (const experiment of all) {
    const { values: given } = state.fromExperiment(experiment);
    const paths = models.axisPaths(given);
    assert.ok(paths.length > 0);
    for (const { path } of paths) {
      const axis = state.axisRange(given, path);
      assert.ok(axis.to > axis.from, `${path}: ${axis.from} to ${axis.to}`);
      assert.ok(axis.scale !== 'log' || axis.from > 0, path);
      const sweep = state.sweepOf({ values: given, axis }, 24);
      const points = sweep.values ?? state.spaced(sweep.from, sweep.to, sweep.points, sweep.scale);
      assert.equal(points.length, new Set(points).size, path);
      points.forEach((point, index) => assert.ok(index === 0 || point > points[index - 1], path));
      assert.ok(points[0] >= axis.from * (1 - 1e-6) - 1e-300 || models.fieldOf(given, path).integer, path);
    }
    const axis = state.defaultAxis(given);
    assert.ok(paths.some(({ path }) => path === axis.parameter));
  }
});

test('a bath of another kind keeps its temperature, or takes the lowest that it can have', () => {
  for (const medium of known.media) {
    for (const from of medium.baths) {
      for (const to of medium.baths) {
        const before = values({ medium: { kind: medium.key }, baths: { left: { kind: from }, right: { kind: from } } });
        const after = models.withBathKind({ ...before, 'baths.left.temperature': 7 }, 'left', to);
        assert.equal(after['baths.left.kind'], to);
        const temperature = models.fieldOf(after, 'baths.left.temperature');
        assert.equal(after['baths.left.temperature'], temperature && Math.max(7, temperature.min));
        assert.deepEqual(models.completed(after), after);
      }
    }
  }
});

test('a bath may have a temperature that follows from other parameters', () => {
  const [medium, ...media] = known.media;
  const [like] = known.baths.filter((bath) => bath.key === medium.baths[0]);
  const parameters = like.parameters.filter(({ key }) => key !== 'temperature');
  models.learn({ media: [{ ...medium, baths: [like.key, 'other'] }, ...media], baths: [...known.baths, { ...like, key: 'other', parameters }] }, []);
  const before = values({ medium: { kind: medium.key }, baths: { left: { kind: like.key }, right: { kind: like.key } } });
  const after = models.withBathKind({ ...before, 'baths.left.temperature': 7 }, 'left', 'other');
  assert.equal(after['baths.left.kind'], 'other');
  assert.ok(!('baths.left.temperature' in after));
  // Verdicts name the temperature of the bath that is not varied.
  assert.equal(models.symbolOf(after, 'baths.left.temperature'), 'T_left');
  assert.equal(models.symbolOf(after, 'baths.right.temperature'), models.fieldOf(after, 'baths.right.temperature').symbol);
  for (const { path } of models.axisPaths(after)) assert.ok(state.axisRange(after, path).to > 0, path);
  assert.ok(models.withBathKind(after, 'left', like.key)['baths.left.temperature'] > 0);
  models.learn(known, all.map((experiment, index) => ({ name: `example-${index}`, experiment })));
});

test('twins are each other\'s twins; a classical one has the ħ of the other', () => {
  for (const medium of known.media.filter((each) => each.twin)) {
    const other = { 'medium.kind': models.twinKind({ 'medium.kind': medium.key }) };
    assert.equal(models.twinKind(other), medium.key);
    const has = [{ 'medium.kind': medium.key }, other].map((each) => Boolean(models.hbarOfTwin(each)));
    assert.notEqual(has[0], has[1]);
  }
});

test('systems of the same kinds but of other parts are other models, whatever is typed into them', () => {
  const baths = { left: { kind: 'langevin', temperature: 2, friction: 1 }, right: { kind: 'langevin', temperature: 1, friction: 1 } };
  const network = (more) => ({ medium: { kind: 'network', lattice: { chain: 4 }, ...more }, baths });
  const presets = [
    { name: 'first', experiment: network({ site: 'q^4/4' }) }, { name: 'second', experiment: network({ mass: { uniform: [1, 2], seed: 7 } }) },
    { name: 'third', experiment: { medium: { ...network().medium, lattice: { square: [2, 2] } }, baths } },
  ];
  models.learn(known, presets);
  for (const { name, experiment } of presets) {
    const own = values(experiment);
    assert.equal(models.modelOf(own).name, name);
    // What it began as is remembered, also where parts were added since.
    assert.equal(models.modelOf({ ...own, 'medium.at': [{ sites: 1, mass: 3 }] }, name).name, name);
    assert.ok(models.areAlike(own, { ...own, 'baths.left.temperature': 9 }));
    for (const other of presets) assert.equal(models.areAlike(own, values(other.experiment)), other.name === name, `${name} ${other.name}`);
  }
  models.learn(known, all.map((experiment, index) => ({ name: `example-${index}`, experiment })));
});

test('two baths have a current; of three each has its heat, that of the axis first', () => {
  const bath = { kind: 'langevin', temperature: 2, friction: 1 };
  const chain = (baths) => values({ medium: { kind: 'chain', sites: 5 }, baths });
  assert.deepEqual(models.currentsOf(chain({ left: bath, right: bath }), 'baths.left.temperature'), ['heatCurrent']);
  const three = chain({ a: bath, b: { ...bath, site: 3 }, c: bath });
  assert.deepEqual(models.currentsOf(three, 'baths.b.temperature'), ['heatFrom.b', 'heatFrom.a', 'heatFrom.c']);
  assert.deepEqual(models.currentsOf(three, 'medium.sites'), ['heatFrom.a', 'heatFrom.b', 'heatFrom.c']);
});

test('a link gives back the state that it was made of', () => {
  const next = numbers(7);
  const presets = all.map((experiment, index) => ({ name: `example-${index}`, title: `Example ${index}`, experiment }));
  for (const preset of presets) {
    for (let round = 0; round < 20; round += 1) {
      const begin = link.stateOf(preset);
      const changed = { ...begin.values };
      for (const [path, value] of Object.entries(begin.values)) {
        if (typeof value !== 'number' || next() < 0.5) continue;
        changed[path] = models.fieldOf(begin.values, path)?.integer ? value + 1 + Math.floor(5 * next()) : Number((value * (1 + next())).toPrecision(5));
      }
      const axis = models.axisPaths(changed)[Math.floor(next() * models.axisPaths(changed).length)].path;
      const wanted = {
        ...begin, values: models.completed(changed), axis: state.axisRange(changed, axis),
        view: { y: next() < 0.5 ? 'log' : 'linear', shown: ['printed'], hidden: [], tab: 'profile' }, run: { points: 12, error: 0.02 },
      };
      const { state: found, faults } = link.readLink(link.linkOf(wanted, presets), presets);
      assert.deepEqual(faults, []);
      assert.deepEqual({ ...found, seed: undefined }, { ...wanted, seed: undefined });
    }
  }
});

test('the device of a file is kept by links, and where the study is given away', () => {
  const device = { kind: 'transistor', base: 'gate' };
  const presets = [{ name: 'one', title: 'One', experiment: { ...all[0], device } }, { name: 'two', title: 'Two', experiment: all[0] }];
  for (const [preset, own] of [[presets[0], device], [presets[1], undefined]]) {
    const begin = link.stateOf(preset);
    assert.deepEqual(begin.device, own);
    assert.deepEqual(state.experimentOf(begin, { run: { seed: 1 } }).device, own);
    // Curves are asked of theory alone, which must not wait for it.
    assert.equal('device' in state.experimentOf(begin), false);
    for (const other of [undefined, { kind: 'diode' }]) {
      const { state: found, faults } = link.readLink(link.linkOf({ ...begin, device: other }, presets), presets);
      assert.deepEqual([found.device, faults], [other, []]);
    }
  }
  assert.equal(link.readLink('#one&device=diode', presets).faults.length, 1);
});

test('what a link gets wrong is told, and the example stands', () => {
  const presets = [{ name: 'one', title: 'One', experiment: all[0] }];
  const { state: found, faults } = link.readLink('#one&m.nothing=3&from=x&l.temperature=abc', presets);
  assert.equal(faults.length, 3);
  assert.deepEqual(found.values, link.stateOf(presets[0]).values);
});

test('which quantities a theory may have of a medium, simulations left aside', () => {
  const chain = models.completed({ 'medium.kind': 'chain', 'baths.left.kind': 'particles', 'baths.right.kind': 'langevin' });
  const box = models.completed({ 'medium.kind': 'box', 'baths.left.kind': 'maxwell', 'baths.right.kind': 'maxwell' });
  assert.ok(models.hasTheoryOf(chain, 'causes') && models.hasTheoryOf(chain, 'heatNoise'));
  assert.ok(!models.hasTheoryOf(chain, 'meanDisplacement') && !models.hasTheoryOf(box, 'causes'));
});
