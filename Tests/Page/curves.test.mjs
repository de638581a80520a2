// Which theory the page believes first, and profiles: all of it from what the server sends.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { page } from './page.mjs';

const curves = await page('curves.js');
const { bestVerdicts } = await page('verdict.js');

/** A document whose methods claim something: `[[method, validity], …]` in the order of the server, with a current by each. */
function documentOf(methods, value = 1) {
  const estimates = methods.map(([method, validity]) => ({ quantity: 'heatCurrent', method, validity, value, uncertainty: 0, kind: 'numerical' }));
  return {
    methods: methods.map(([method, validity]) => ({ method, validity, words: `what ${method} is` })), verdicts: [],
    points: [1, 2].map((x) => ({ parameters: { T: x }, estimates: [...estimates].reverse(), refusals: [] })),
  };
}

const currents = (document) => curves.curvesOf(document, 'T', 'heatCurrent');

test('curves come in the order of the server, whatever the methods are called', () => {
  const document = documentOf([['simulation', 'sampled'], ['zeta', 'exact'], ['alpha', 'approximation'], ['printed', 'printed']]);
  assert.deepEqual(currents(document).map((curve) => curve.method), ['simulation', 'zeta', 'alpha', 'printed']);
  assert.equal(curves.bestMethod(currents(document)).method, 'zeta');
  assert.equal(curves.methodTitle('zeta', document), 'exact (what zeta is)');
  assert.equal(curves.methodTitle('printed', document), 'what printed is');
});

test('neither a simulation nor a formula as printed is the best theory', () => {
  assert.equal(curves.bestMethod(currents(documentOf([['simulation', 'sampled'], ['printed', 'printed']]))), undefined);
  assert.equal(curves.bestMethod(currents(documentOf([['zeta', 'exact']], NaN))), undefined);
});

test('of several claims of a method the weakest counts', () => {
  const document = documentOf([['zeta', 'exact'], ['alpha', 'approximation']]);
  document.methods.push({ method: 'zeta', validity: 'approximation', words: 'elsewhere' });
  assert.equal(curves.bestMethod(currents(document)).method, 'alpha');
  assert.equal(curves.methodTitle('zeta', document), 'approximation (elsewhere)');
});

test('the verdict is that of the best theory, or of the simulation where that is wanted', () => {
  const document = documentOf([['simulation', 'sampled'], ['zeta', 'exact'], ['printed', 'printed']]);
  document.verdicts = [['printed', 'printed'], ['zeta', 'exact'], ['simulation', 'sampled']]
    .map(([method, validity]) => ({ parameter: 'T', side: 'hotter', method, validity, falls: true }));
  assert.equal(bestVerdicts(document, 'T').method, 'zeta');
  assert.equal(bestVerdicts(document, 'T', (validity) => validity === 'sampled').method, 'simulation');
  assert.equal(bestVerdicts(document, 'x').method, undefined);
});

test('a profile is the array of the best theory that has one; other forms are none', () => {
  const array = { quantity: 'kineticTemperature', method: 'alpha', validity: 'approximation', axes: [{ name: 'site', values: [1, 3] }], values: [5, 6], uncertainties: [0.1, 0.2], kind: 'numerical' };
  const point = { ...documentOf([['zeta', 'exact'], ['alpha', 'approximation']]), estimates: [array] };
  assert.deepEqual(curves.bestProfile(point, 'kineticTemperature').map(({ x, y, error }) => [x, y, error]), [[1, 5, 0.1], [3, 6, 0.2]]);
  assert.deepEqual(curves.bestProfile(point, 'population'), []);
  for (const wrong of [{ axes: undefined }, { axes: [] }, { axes: [{ name: 'site' }] }, { values: undefined }, { axes: [{}, {}] }]) {
    assert.deepEqual(curves.bestProfile({ ...point, estimates: [{ ...array, ...wrong }] }, 'kineticTemperature'), []);
  }
  assert.deepEqual(curves.bestProfile(undefined, 'kineticTemperature'), []);
});

test('a row of a quantity with two axes is a curve for every name of the second one, by the best theory', () => {
  const causes = (method, validity, values) => ({
    quantity: 'causes', method, validity, axes: [{ name: 'bath', names: ['left', 'right'] }, { name: 'cause', names: ['bias', 'total'] }], values,
  });
  const document = {
    methods: [{ method: 'memory', validity: 'approximation', words: '' }, { method: 'markov', validity: 'approximation', words: '' }],
    points: [1, 2].map((x) => ({
      parameters: { T: x }, refusals: [],
      estimates: x === 1 ? [causes('markov', 'approximation', [[9, 9], [9, 9]]), causes('memory', 'approximation', [[1, 2], [3, 4]])] : [],
    })),
  };
  const rows = curves.rowsOf(document, 'T', 'causes', 'right');
  assert.deepEqual(rows.map((row) => row.name), ['bias', 'total']);
  assert.deepEqual(rows.map((row) => row.points.map((point) => point.y)), [[3, NaN], [4, NaN]]);
  assert.deepEqual(curves.rowsOf(document, 'T', 'nothing', 'right'), []);
});
