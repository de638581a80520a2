// What the page says and draws of the device that a file names, from what the program says of it.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { page, program, schema } from './page.mjs';

const { deviceDrawing, deviceWords } = await page('device.js');
const { documentOf } = await page('api.js');
const { experimentOf, fromExperiment } = await page('state.js');
const models = await page('models.js');
models.learn(schema(), []);

const parameters = { diode: 'baths.right.temperature', transistor: 'baths.base.temperature', refrigerator: 'medium.parameters.Ec' };

/** What the page knows of an example: its state, its curve and its device. */
function known(preset, kind, parameter = parameters[kind]) {
  const file = fileURLToPath(new URL(`../../Sources/NessExplorer/Presets/${preset}.yaml`, import.meta.url));
  const curve = documentOf(JSON.parse(spawnSync(program(), ['theory', file, '--format', 'json'], { maxBuffer: 1e8 }).stdout));
  const values = { 'medium.kind': 'levels', 'baths.right.temperature': 0.1, 'baths.base.temperature': 0.1, 'medium.parameters.Ec': 1 };
  return { state: { values, axis: { parameter }, device: { kind } }, curve, device: curve.device };
}

test('a diode has its rectification by every equation that has one, and both currents at the mark', () => {
  const content = known('11-two-qubit-diode', 'diode');
  const { series, caption, yKind } = deviceDrawing(content);
  assert.deepEqual(series.map((each) => [each.name, each.style]), [['davies', 'first'], ['redfield', 'second']]);
  assert.equal(yKind, 'linear');
  const points = content.device.points.filter((point) => point.method === 'davies');
  assert.equal(series[0].points.length, points.length);
  for (const [index, point] of points.entries()) {
    const ratio = point.numbers.find((number) => number.name === 'rectification').value;
    assert.deepEqual(series[0].points[index], { x: point.parameters[parameters.diode], y: ratio });
  }
  assert.match(caption, /At \{T_right\} = .*: \{J_forwards\} = 6\.\d+·10⁻⁵, \{J_backwards\} = −.*, \{R\} = 0\.98\d+, error below/);
  const words = deviceWords(content);
  assert.match(words, /^As a diode: rectifies at 39 of 39 points, most at \{T_right\} = 0\.05: \{R\} = 0\.999871 within /);
  assert.match(words, /Redfield equation without shifts of the levels: \{R\} = 0\.999871.*; local master equation: the currents are too small/);
  assert.ok(!/baths\.|warning|\de-/.test(words), words);
});

test('the amplification of a transistor is drawn by its size beside 1, and the COP of a refrigerator beside its bound', () => {
  const transistor = deviceDrawing(known('12-three-qubit-transistor', 'transistor'));
  assert.equal(transistor.yKind, 'log');
  assert.deepEqual(transistor.series.map((each) => each.name), ['davies', 'redfield', 'level']);
  assert.ok(transistor.series.every((each) => each.points.every((point) => point.y > 0)));
  assert.match(transistor.caption, /\{α\} = −1\d\d\..*, error below/);
  const content = known('13-absorption-refrigerator', 'refrigerator');
  const refrigerator = deviceDrawing(content);
  assert.deepEqual(refrigerator.series.map((each) => each.name), ['davies', 'redfield', 'local', 'level']);
  const [davies, , , level] = refrigerator.series;
  assert.ok(davies.points.some((point) => Number.isNaN(point.y)) && davies.points.every((point, index) => !(point.y > level.points[index].y)));
  assert.match(refrigerator.caption, /Carnot bound = 3\.5, COP = 0\.3/);
  assert.match(deviceWords(content), /^As a refrigerator: cools at 34 of 40 points; .*COP = 3\.25\d+ within .* of the Carnot bound/);
});

test('a device along another axis than the chart has its own, and says what was chosen', () => {
  const content = known('12-three-qubit-transistor', 'transistor', 'medium.parameters.D');
  const { xDomain, xLabel, mark } = deviceDrawing(content);
  assert.deepEqual([xDomain, xLabel, mark], [[0.02, 0.2], '{T_base}', 0.1]);
  assert.match(deviceWords(content), /Base base, emitter emitter, collector collector\.$/);
});

test('where there is nothing the reason is told, once', () => {
  const content = known('7-diode', 'diode');
  assert.deepEqual(deviceDrawing(content).series, []);
  const reason = /The potential q\^4\/4 of site 1 is not harmonic/i;
  assert.match(deviceWords(content), /^As a diode: no theory answers; ness device simulates it\./);
  assert.match(deviceWords(content), reason);
  const said = `${content.device.notes[0].replace('markov: t', 'T')}.`;
  assert.equal(deviceWords({ ...content, said }), 'As a diode: no theory answers; ness device simulates it.');
  assert.equal(deviceWords({ ...content, device: { fault: 'a diode has two baths' } }), 'Not judged as a diode: a diode has two baths.');
  assert.equal(deviceWords({ ...content, device: undefined }), '');
  assert.equal(deviceDrawing({ ...content, device: undefined }).caption, 'On its way …');
});

test('what a server sends of a device is not taken on trust', () => {
  for (const device of [{}, { device: 'diode' }, { device: 'diode', points: [null, {}], verdicts: [{ validity: 'exact' }], notes: 'no list' }, { device: 'song' }, 7]) {
    const content = { state: { values: {}, axis: {}, device: { kind: 'diode' } }, ...documentOf({ device }) };
    assert.doesNotThrow(() => deviceDrawing(content), JSON.stringify(device));
    assert.doesNotThrow(() => deviceWords(content), JSON.stringify(device));
  }
});

test('only who asks for a device sends it', () => {
  const state = { title: 'a', ...fromExperiment({ medium: { kind: 'levels' }, baths: {}, device: { kind: 'diode' } }) };
  assert.equal(experimentOf(state).device, undefined);
  assert.deepEqual(experimentOf(state, { isDevice: true }).device, { kind: 'diode' });
  assert.deepEqual(experimentOf(state, { run: {} }).device, { kind: 'diode' });
});
