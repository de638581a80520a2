// What the page says of errors, of parameters, and what it gives away as Python.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { numbers, page, schema } from './page.mjs';

const { pythonText } = await page('export.js');
const { answer, simulatedAnswer } = await page('verdict.js');
const { pathWords, faultWords } = await page('format.js');
const models = await page('models.js');
models.learn(schema(), []);

/** The text that Python reads in the first string of three quotes. */
function readByPython(code) {
  const begin = code.indexOf('"""') + 3;
  let text = '';
  for (let place = begin; ; place += 1) {
    if (code.startsWith('"""', place)) return text;
    assert.ok(place < code.length, 'the string never ends');
    if (code[place] === '\\') place += 1;
    text += code[place];
  }
}

test('whatever stands in a file, Python reads it as it is', () => {
  const next = numbers(11);
  const signs = ['"', '"', '\\', '\n', 'a', ' ', '#', '\'', '{', 'é'];
  for (let round = 0; round < 2000; round += 1) {
    const file = Array.from({ length: 1 + Math.floor(12 * next()) }, () => signs[Math.floor(next() * signs.length)]).join('');
    assert.equal(readByPython(pythonText(file, { isSampled: round % 2 === 0, error: 0.01 })).trim(), file.trim(), JSON.stringify(file));
  }
});

test('what cannot be simulated is not asked to run', () => {
  assert.ok(pythonText('a: 1', { isSampled: true, error: 0.02 }).includes('study.run(target_error=0.02)'));
  // What theory does not answer is not asked of it.
  assert.ok(!pythonText('a: 1', { isSampled: true, error: 0.02 }).includes('theory'));
  // What a file is studied as is told of the run that knows it.
  assert.ok(pythonText('a: 1', { isSampled: true, error: 0.02, device: 'diode' }).includes('print(result.device)'));
  assert.ok(!pythonText('a: 1', { isSampled: true, error: 0.02 }).includes('device'));
  assert.ok(pythonText('a: 1', { isSampled: true, error: 0.02, quantity: 'heatFrom.base' }).includes('theory["heatFrom.base"]'));
  assert.ok(!pythonText('a: 1', { isSampled: false, error: 0.02 }).includes('.run('));
});

test('± stands for one standard error alone; the numerical error of theory is told in words', () => {
  const path = 'baths.left.temperature';
  const estimate = { quantity: 'heatCurrent', method: 'exact', validity: 'exact', value: 1, uncertainty: 0, kind: 'numerical' };
  const verdict = { parameter: path, side: 'hotter', method: 'exact', falls: true, text: 'J falls', range: [1, 9], fixed: {} };
  const state = {
    axis: { parameter: path, from: 1, to: 9 },
    values: { 'medium.kind': 'chain', 'baths.left.kind': 'langevin', [path]: 3, 'baths.right.kind': 'langevin', 'baths.right.temperature': 1 },
  };
  for (const scale of [1e-9, 1, 1e7]) {
    const found = { ...verdict, peak: 2 * scale, peakError: 0.003 * scale };
    const document = {
      methods: [{ method: 'exact', validity: 'exact', words: 'finite chain' }], verdicts: [{ ...found, validity: 'exact' }],
      points: [1, 9].map((x) => ({ parameters: { [path]: x }, estimates: [estimate], refusals: [] })),
    };
    const theory = answer(document, state);
    assert.ok(!(theory.headline + theory.subline + theory.peak.text).includes('±'), theory.subline);
    assert.match(theory.subline, /numerical error below/);
    assert.match(simulatedAnswer({ ...found, validity: 'sampled' }, state, { subline: '' }).peak.text, /±/);
  }
});

test('no key of a file is shown where words can be', () => {
  assert.equal(pathWords('baths.left.temperature'), 'temperature of the left bath');
  assert.equal(pathWords('medium.sites'), 'sites');
  assert.equal(faultWords({ found: '-5', expected: 'a mass > 0' }), 'found -5, expected a mass > 0');
  assert.equal(faultWords({ found: '9', expected: 'at most 8', remedy: 'save the file' }), 'found 9, expected at most 8 (save the file)');
});
