// Values of the user's own: formulas, lists and mappings.

import test from 'node:test';
import assert from 'node:assert/strict';
import { page } from './page.mjs';

const tree = await page('tree.js');
const models = await page('models.js');
const state = await page('state.js');

const structure = (key, extra) => ({ key, type: 'structure', name: key, dimension: 'word', meaning: key, choices: [], ...extra });
models.learn({
  media: [{
    key: 'graph', title: 'Graph', baths: [], parameters: [
      structure('lattice', { required: true, value: '{chain: 4}', whole: true }), structure('bond', { value: '"r^2/2"' }), structure('numbers'),
    ],
  }, {
    key: 'row', title: 'Row', baths: ['plain'], picture: 'sites', solvedAs: 'graph', parameters: [
      { key: 'mass', type: 'number', symbol: 'm', name: 'mass', dimension: 'mass', meaning: 'mass', value: 1, usual: [0.05, 20], choices: [{ word: '[m1, ...]', meaning: 'list' }] },
      { key: 'spring', type: 'number', name: 'spring', dimension: '1', meaning: 'spring', value: 1, usual: [0.02, 50], when: { key: 'bond', word: null, holds: true } },
      structure('bond'), structure('parts'), structure('joints', { when: { key: 'parts', word: null, holds: false } }),
    ],
  }], baths: [],
}, []);

test('what is written into a field is read back', () => {
  for (const value of ['k*r^2/2', 3.5, { chain: 4 }, { square: [4, 2] }, [[1, 2], [2, 3, 0.5]], [{ sites: '1-8', mass: 2 }], undefined]) {
    assert.deepEqual(tree.read(tree.written(value)), value);
  }
  // What is not finished stays a text, for the server to say what is wrong with it.
  assert.equal(tree.read('{chain: '), '{chain:');
});

test('values with a form of their own have a field for every number in them', () => {
  const values = models.completed({ 'medium.kind': 'graph', 'medium.numbers.k': 2, 'medium.numbers.b': 0.1 });
  assert.deepEqual(values, {
    'medium.kind': 'graph', 'medium.lattice.chain': 4, 'medium.bond': 'r^2/2', 'medium.numbers.k': 2, 'medium.numbers.b': 0.1,
  });
  const fields = Object.fromEntries(models.fieldsOf(values, 'medium'));
  assert.ok(fields['medium.lattice'].text && fields['medium.bond'].text && fields['medium.numbers'].text);
  assert.deepEqual([fields['medium.lattice.chain'].integer, fields['medium.lattice.chain'].min], [true, 1]);
  assert.deepEqual([fields['medium.numbers.k'].symbol, fields['medium.numbers.k'].max], ['k', 8]);
  assert.deepEqual(models.valueAt(values, 'medium.lattice'), { chain: 4 });
  const store = new state.Store({ values, axis: {} });
  store.setValue('medium.lattice', { square: [3, 2] });
  assert.deepEqual(models.valueAt(store.state.values, 'medium.lattice'), { square: [3, 2] });
  assert.equal('medium.lattice.chain' in store.state.values, false);
  store.setValue('medium.numbers', undefined);
  assert.equal(models.valueAt(store.state.values, 'medium.numbers'), undefined);
});

test('a number may be a list, and a formula takes the place of other keys', () => {
  const plain = models.completed({ 'medium.kind': 'row' });
  assert.deepEqual(plain, { 'medium.kind': 'row', 'medium.mass': 1, 'medium.spring': 1 });
  const keys = (values) => models.fieldsOf(values, 'medium').map(([path]) => path.slice('medium.'.length)).join();
  assert.equal(keys(plain), 'mass,spring,bond,parts');
  assert.deepEqual([models.bathKinds(plain), models.pictureOf(plain)], [['plain'], 'sites']);
  const list = models.completed({ ...plain, 'medium.mass': [1, 2], 'medium.bond': 'r^2', 'medium.parts': [{ sites: '1-2' }] });
  assert.deepEqual(list, { 'medium.kind': 'row', 'medium.mass': [1, 2], 'medium.bond': 'r^2', 'medium.parts': [{ sites: '1-2' }] });
  assert.equal(keys(list), 'mass,bond,parts,joints');
  assert.equal(models.fieldOf(list, 'medium.mass').text, true);
  assert.deepEqual(models.axisPaths(list), []);
  assert.deepEqual(models.axisPaths(plain).map(({ path }) => path), ['medium.mass', 'medium.spring']);
  // It is solved as the other medium, which touches other baths and has no picture.
  assert.deepEqual([models.bathKinds(list), models.pictureOf(list)], [[], undefined]);
  const drawn = { 'medium.kind': 'row', 'medium.mass.uniform': [0.8, 1.2], 'medium.mass.seed': 7 };
  assert.deepEqual(models.completed(drawn), { ...drawn, 'medium.spring': 1 });
});
