// Questions while sliders move: one at a time, the last one always answered.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { page } from './page.mjs';

const { LatestOnly, PointBudget } = await page('theory.js');
const { ServerError } = await page('api.js');

/** Questions that are answered when the test says so. */
function asked() {
  const pending = [];
  const log = { answers: [], faults: [], most: 0 };
  const latest = new LatestOnly((question, signal) => new Promise((resolve, reject) => {
    const entry = { question, resolve, reject };
    pending.push(entry);
    log.most = Math.max(log.most, pending.length);
    signal.addEventListener('abort', () => {
      pending.splice(pending.indexOf(entry), 1);
      reject(new DOMException('given up', 'AbortError'));
    });
  }), { onAnswer: (answer) => log.answers.push(answer), onFault: (error) => log.faults.push(error), patience: 1e9 });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    latest, log, settle,
    async answer() {
      const { question, resolve } = pending.shift();
      resolve(question);
      await settle();
    },
    async fail(error) {
      pending.shift().reject(error);
      await settle();
    },
  };
}

test('of many questions the first and the last are asked, one at a time', async () => {
  const { latest, log, answer } = asked();
  for (let question = 1; question <= 100; question += 1) latest.request(question);
  await answer();
  await answer();
  assert.deepEqual(log.answers, [1, 100]);
  assert.equal(log.most, 1);
  assert.ok(latest.idle);
});

test('an urgent question gives up the one on its way, without a fault', async () => {
  const { latest, log, answer, settle } = asked();
  latest.request('slow');
  latest.request('urgent', true);
  await settle();
  await answer();
  assert.deepEqual(log.answers, ['urgent']);
  assert.deepEqual(log.faults, []);
});

test('a question that the server refused is not asked again; a busy server is', async () => {
  const { latest, log, answer, fail } = asked();
  latest.request('impossible');
  await fail(new ServerError('no', { status: 422 }));
  assert.ok(latest.idle);
  latest.request('later');
  await fail(new ServerError('busy', { status: 503, retryAfter: 1 }));
  assert.equal(log.faults.length, 2);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await answer();
  assert.deepEqual(log.answers, ['later']);
});

test('a curve gets as many points as its time allows, within bounds', () => {
  const budget = new PointBudget();
  assert.equal(budget.points('new', 45, 16, 60), 16);
  budget.learn('quick', 10, 100);
  assert.equal(budget.points('quick', 45, 16, 60), 60);
  budget.learn('slow', 1000, 10);
  assert.equal(budget.points('slow', 45, 16, 60), 16);
});
