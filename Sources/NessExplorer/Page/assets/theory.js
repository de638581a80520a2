// Asking for theory while sliders move: never more than one question on its way, and the last state is always answered.

import { api, ServerError } from './api.js';
import { isSampled, pictureOf } from './models.js';

/** Asks one question at a time. A newer one waits for the answer, so that the curve moves along with the slider;
 * if the answer takes longer than `patience` milliseconds, it is given up for the newer question. */
export class LatestOnly {
  #ask;
  #onAnswer;
  #onFault;
  #running;
  #waiting;
  #retry;

  constructor(ask, { onAnswer, onFault, patience = 1200 }) {
    this.#ask = ask;
    this.#onAnswer = onAnswer;
    this.#onFault = onFault;
    this.patience = patience;
  }

  /** `urgent`: what is on its way is of no use any more. */
  request(question, urgent = false) {
    clearTimeout(this.#retry);
    this.#waiting = question;
    if (!this.#running) this.#next();
    else if (urgent || performance.now() - this.#running.since > this.patience) this.#running.abort.abort();
  }

  get idle() {
    return !this.#running && !this.#waiting;
  }

  async #next() {
    const question = this.#waiting;
    this.#waiting = undefined;
    const abort = new AbortController();
    this.#running = { abort, since: performance.now() };
    try {
      const answer = await this.#ask(question, abort.signal);
      this.#onAnswer(answer, question, performance.now() - this.#running.since);
    } catch (error) {
      this.#failed(error, question);
    }
    this.#running = undefined;
    if (this.#waiting) this.#next();
  }

  #failed(error, question) {
    if (error.name === 'AbortError') return;
    const again = error instanceof ServerError && (error.status === 503 || error.gone);
    if (again && !this.#waiting) {
      this.#retry = setTimeout(() => this.request(question), 1000 * Math.max(1, error.retryAfter));
    }
    this.#onFault(error, question);
  }
}

/** How many points a curve may have so that it comes back in `budget` milliseconds, learnt from earlier answers, for each
 * kind of model. A model that was not asked for before begins with few points. */
export class PointBudget {
  #perPoint = new Map();

  /** Models that take equally long, more or less. */
  static key(values) {
    return Object.entries(values).filter(([, value]) => typeof value === 'string').map(([, value]) => value).join();
  }

  learn(key, milliseconds, points) {
    const now = milliseconds / points;
    this.#perPoint.set(key, 0.5 * (this.#perPoint.get(key) ?? now) + 0.5 * now);
  }

  points(key, budget, least, most) {
    const perPoint = this.#perPoint.get(key);
    return perPoint === undefined ? least : Math.round(Math.max(least, Math.min(most, budget / perPoint)));
  }
}

/** The theory of a whole curve. */
export function askCurve({ experiment, quantities }, signal) {
  return api.theory(experiment, { quantities, signal });
}

/** Everything theory knows of one point. */
export async function askPoint({ experiment, state }, signal) {
  const theory = api.theory(experiment, { quantities: ['all'], signal });
  if (!state || isSampled(state.values) || pictureOf(state.values) !== 'levels') return theory;
  // Without its levels the picture still has the populations.
  const [document, levels] = await Promise.all([theory, api.levels(experiment, { signal }).catch(() => [])]);
  return { ...document, points: document.points.map((point) => ({ ...point, levels })) };
}
