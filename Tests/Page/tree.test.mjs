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
