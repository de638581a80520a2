// What the picture of a quantum system reads from its file.

import assert from 'node:assert/strict';
import test from 'node:test';

import { partsIn, partsOf, pairsOf } from '../../Sources/NessExplorer/Page/assets/scene-parts.js';

test('parts as a list, by their number, as text', () => {
  assert.deepEqual(partsOf(['qubit', { spin: 1 }, { oscillator: 8 }]).map((part) => part.levels), [2, 3, 8]);
  assert.deepEqual(partsOf({ qubits: 3 }).map((part) => part.name), ['qubit', 'qubit', 'qubit']);
  assert.equal(partsOf('["qubit", {"qubits": 2}]').length, 3);
  assert.deepEqual(partsOf('no list'), []);
  assert.deepEqual(partsOf(undefined), []);
});

test('operators name parts, and products join them', () => {
  assert.deepEqual(partsIn('a3 + ad3', 3), [2]);
  assert.deepEqual(partsIn('X1 + 0.3*X2', 2), [0, 1]);
  assert.deepEqual(partsIn('X7', 3), []);
  assert.deepEqual(partsIn([[0, 1], [1, 0]], 2), [0, 1]);
  assert.deepEqual(pairsOf('E1/2*Z1 + g*(X1*X2 + Y1*Y2) - 0.1*Z2*Z3', 3), [[0, 1], [1, 2]]);
  assert.deepEqual(pairsOf('g*(Sp1*Sm2*Sp3 + Sm1*Sp2*Sm3)', 3), [[0, 1], [0, 2], [1, 2]]);
  assert.deepEqual(pairsOf('Z1 + Z2', 2), []);
});
