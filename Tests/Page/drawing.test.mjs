// Numbers in words, curves between their points, and what lies between two frames.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { numbers, page } from './page.mjs';

const format = await page('format.js');
const curves = await page('curves.js');
const { between } = await page('scene-chain.js');
const { Flights, placeInFlight } = await page('scene-box.js');

const read = (text) => Number(text.replaceAll('−', '-').replace('·10', 'e').replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (sign) => '-0123456789'['⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(sign)]));

test('a number in words is that number to its digits, at any size', () => {
  const next = numbers(3);
  for (let count = 0; count < 2000; count += 1) {
    const value = (next() - 0.5) * 10 ** (Math.floor(40 * next()) - 20);
    const digits = 1 + Math.floor(6 * next());
    const difference = Math.abs(read(format.numberText(value, digits)) - value);
    assert.ok(difference <= 0.5001 * 10 ** (1 - digits) * 10 ** Math.floor(Math.log10(Math.abs(value)) + 1e-12), `${value} ${format.numberText(value, digits)}`);
  }
  assert.equal(format.numberText(NaN), '–');
  assert.equal(format.numberText(0), '0');
});

test('value and error end at one digit, and the value is rounded by less than the error', () => {
  const next = numbers(5);
  for (let count = 0; count < 2000; count += 1) {
    const error = 10 ** (Math.floor(8 * next()) - 7) * (1 + 9 * next());
    const value = (next() - 0.5) * 100 * error;
    const [first, second] = format.withError(value, error).split('\u00a0±\u00a0');
    assert.ok(Math.abs(read(first) - value) <= 0.51 * error, `${value} ± ${error}: ${first} ± ${second}`);
    assert.ok(Math.abs(read(second) - error) <= 0.34 * error, `${error}: ${second}`);
    assert.equal(first.split('.')[1]?.length ?? 0, second.split('.')[1]?.length ?? 0);
  }
});

test('a curve is linear between its points and unknown beyond them', () => {
  const points = [{ x: 1, y: 2 }, { x: 3, y: 6 }, { x: 4, y: NaN }];
  assert.equal(curves.valueAt(points, 2), 4);
  assert.equal(curves.valueAt(points, 3), 6);
  assert.ok(Number.isNaN(curves.valueAt(points, 0.5)));
  assert.ok(Number.isNaN(curves.valueAt(points, 3.5)));
  assert.ok(Number.isNaN(curves.valueAt(points, 5)));
});

test('between two frames particles take the short way round the ring', () => {
  const one = { time: 0, displacement: [0], temperature: [1], particles: [[0.9, 0.2]] };
  const other = { time: 2, displacement: [4], temperature: [3], particles: [[-0.9, 0.4]] };
  const middle = between(one, other, 1, [2]);
  assert.deepEqual(middle.displacement, [2]);
  assert.deepEqual(middle.temperature, [2]);
  assert.ok(Math.abs(middle.particles[0][0] - 1) < 1e-12);
  assert.ok(Math.abs(middle.particles[0][1] - 0.3) < 1e-12);
  assert.equal(between(one, one, 5, [2]), one);
});

test('a flight stays between the walls, and the one in progress is found', () => {
  const flights = new Flights();
  flights.add({ flights: [{ start: 0, wall: 'left', speed: 1 }, { start: 2, wall: 'right', speed: 0.5 }] });
  assert.equal(flights.at(-1), -1);
  assert.equal(flights.at(1.9), 0);
  assert.equal(flights.at(2.1), 1);
  assert.equal(placeInFlight(flights.list[0], 1.5, 2), 1.5);
  assert.equal(placeInFlight(flights.list[1], 3, 2), 1.5);
  assert.equal(placeInFlight(flights.list[0], 99, 2), 2);
});
