// Simulations: start, stop, go on; which of them belong to what the page shows.

import { api, follow } from './api.js';
import { symbolNode, sentence, numberText, durationText, dateText } from './format.js';
import { fieldOf, isTemperature, isSampled, modelOf, areAlike, currentsOf } from './models.js';
import { fromExperiment, experimentOf, differences, spaced } from './state.js';
import { curvesOf, bestMethod, valueAt } from './curves.js';
import { bestVerdicts } from './verdict.js';
import { RunList } from './run-list.js';

const active = new Set(['waiting', 'running', 'stopping']);
/** How often a page that is seen asks which simulations there are: another window may have begun some [ms]. */
const betweenLists = 4000;

/** Temperatures (or other values) to simulate: spread over the axis, away from where the current vanishes,
 * because a relative error cannot be reached there. */
export function simulatedValues(state, curve, count) {
  const { axis, values } = state;
  const integer = fieldOf(values, axis.parameter)?.integer;
  const best = bestMethod(curvesOf(curve, axis.parameter, currentsOf(values, axis.parameter)[0]));
  const largest = best ? Math.max(...best.points.map((point) => Math.abs(point.y)).filter(Number.isFinite)) : 0;
  const others = Object.entries(values).filter(([path]) => isTemperature(path) && path !== axis.parameter).map(([, value]) => value);
  const measurable = (x) => {
    const y = best ? valueAt(best.points, x) : NaN;
    const apart = !isTemperature(axis.parameter) || others.every((other) => Math.abs(x - other) > 0.2 * other);
    return apart && (!Number.isFinite(y) || Math.abs(y) > 0.05 * largest);
  };
  const fine = spaced(axis.from, axis.to, 400, axis.scale).filter(measurable);
  if (!fine.length) return [];
  const chosen = Array.from({ length: count }, (_, index) => fine[Math.round((index * (fine.length - 1)) / Math.max(1, count - 1))]);
  return [...new Set(chosen.map((value) => (integer ? Math.round(value) : Number(value.toPrecision(3)))))];
}

export class Runs {
  #snapshots = new Map();
  #following = new Map();
  #hidden = new Set();
  #order = [];
  #unable = '';

  /** `onChange()` when points or states changed, `onEnd()` when one has ended, `onLoad(experiment)`, `onFault(error)`. */
  constructor({ list, line, progress, button, store, onChange, onEnd, onLoad, onFault }) {
    Object.assign(this, { line, progress, button, store, onChange, onEnd, onFault });
    /** Whether the store keeps what is simulated. */
    this.areKept = true;
    this.list = new RunList(list, {
      stop: (run) => this.#try(() => api.stopRun(run.id)),
      continue: (run) => this.#try(() => this.#post(run.experiment)),
      load: (run) => onLoad(run.experiment),
      remove: (run) => this.#try(() => this.#remove(run.id)),
      show: (run, isShown) => this.#toggle(run.id, isShown),
    });
    setInterval(() => { if (!document.hidden) this.refresh().catch(() => {}); }, betweenLists);
  }

  /** Asks the server for its list: at the beginning, after it was away, and from time to time. */
  async refresh() {
    const before = JSON.stringify([...this.#snapshots.values()]);
    const runs = (await api.runs()).reverse();
    // What is followed is newer than a list that was on its way.
    const followed = [...this.#snapshots.values()].filter((run) => this.#following.has(run.id));
    this.#snapshots = new Map([...runs, ...followed].map((run) => [run.id, run]));
    this.#order = [...new Set([...runs.map((run) => run.id), ...this.#order.filter((id) => this.#following.has(id))])];
    for (const run of runs) if (active.has(run.state)) this.#follow(run.id);
    if (JSON.stringify([...this.#snapshots.values()]) !== before) this.#changed();
  }

  /** The simulation of exactly what the page shows that is in work or waits; every other is in the list alone. */
  get current() {
    return this.#active().find((run) => this.#isShown(run));
  }

  /** What is in work or waits, in the order in which it is done. */
  #active() {
    return this.#order.map((id) => this.#snapshots.get(id)).filter((run) => run && active.has(run.state))
      .sort((one, other) => (one.state === 'waiting') - (other.state === 'waiting'));
  }

  /** The values and the axis of a simulation. Every move of a slider compares them with those of the page. */
  #its({ experiment }) {
    if (!this.#read.has(experiment)) this.#read.set(experiment, fromExperiment(experiment));
    return this.#read.get(experiment);
  }

  #read = new WeakMap();

  /** Whether a simulation has the axis and the parameters of the page. */
  #isShown(run) {
    const { values, axis } = this.store.state;
    const its = this.#its(run);
    return its.axis.parameter === axis.parameter && differences(its.values, values, axis.parameter).length === 0;
  }

  async startOrStop(curve) {
    const running = this.current;
    if (running) await api.stopRun(running.id);
    else await this.start(curve);
  }

  async start(curve) {
    const { state } = this.store;
    const values = simulatedValues(state, curve, state.run.points);
    if (!values.length) throw new Error('no value on the axis has a current that could be measured: it vanishes where both baths are equally hot');
    await this.#post(experimentOf(state, {
      run: { seed: state.seed, targetError: state.run.error }, sweep: { parameter: state.axis.parameter, values },
    }));
  }

  async #post(experiment) {
    const { id } = await api.startRun(experiment);
    if (typeof id !== 'string') throw new Error('the server started no simulation');
    if (!this.#order.includes(id)) this.#order.push(id);
    this.#follow(id);
  }

  #follow(id) {
    if (this.#following.has(id)) return;
    const stop = follow(id, (snapshot) => {
      const ended = !active.has(snapshot.state);
      this.#snapshots.set(id, { ...snapshot, id });
      this.#changed();
      if (ended) this.#ended(id);
    }, () => this.#ended(id));
    this.#following.set(id, stop);
  }

  #ended(id) {
    if (!this.#following.has(id)) return;
    this.#following.get(id)();
    this.#following.delete(id);
    this.onEnd();
  }

  #changed() {
    this.stateChanged(this.store.state);
    this.onChange();
  }

  /** What the chart draws: runs over the parameter of the axis, those of other parameters faded. */
  drawn() {
    const { values, axis } = this.store.state;
    return this.#newestFirst().filter((run) => !this.#hidden.has(run.id)).flatMap((run) => {
      const its = this.#its(run);
      if (its.axis.parameter !== axis.parameter || !areAlike(its.values, values)) return [];
      const points = currentsOf(values, axis.parameter)
        .flatMap((quantity) => curvesOf(run, axis.parameter, quantity).find((curve) => curve.validity === 'sampled')?.points ?? []);
      const inside = points.filter((point) => point.x >= axis.from && point.x <= axis.to);
      return [{ id: run.id, index: this.#index(run.id), faded: differences(its.values, values, axis.parameter).length > 0, points: inside, verdicts: run.verdicts }];
    });
  }

  /** The verdict of the newest simulation of the present parameters, or nothing. */
  measuredVerdict() {
    const { parameter } = this.store.state.axis;
    for (const run of this.drawn().filter((each) => !each.faded)) {
      const { hotter, colder } = bestVerdicts(run, parameter, (validity) => validity === 'sampled');
      const verdict = [hotter, colder].find((each) => each?.falls === true) ?? hotter ?? colder;
      if (verdict?.text) return verdict;
    }
    return undefined;
  }

  #index(id) {
    return Math.max(0, this.#order.indexOf(id));
  }

  #newestFirst() {
    return [...this.#snapshots.values()].sort((one, other) => this.#index(other.id) - this.#index(one.id));
  }

  /** The button, the line below it and its bar belong to the simulation of what is shown. */
  #showProgress() {
    const run = this.current;
    this.button.textContent = run ? (run.state === 'stopping' ? 'Stopping …' : 'Stop') : 'Simulate';
    this.button.classList.toggle('stop', Boolean(run));
    this.button.disabled = !run && Boolean(this.#unable);
    this.progress.hidden = !run || run.state === 'waiting';
    this.progress.value = Number.isFinite(run?.fraction) ? run.fraction : 0;
    this.line.textContent = run ? this.#progressText(run) : this.#unable || this.#queueText();
  }

  #progressText(run) {
    if (run.state === 'waiting') return `In the queue: ${countText(this.#active().indexOf(run))} before it.`;
    const doing = typeof run.doing === 'string' ? run.doing.replace('baths.', '').replace('.temperature', ' T') : '';
    return [doing, pointsText(run) + leftText(run)].filter(Boolean).join('; ');
  }

  /** What a new simulation would wait for. */
  #queueText() {
    const runs = this.#active();
    if (!runs.length) return '';
    const others = runs.length > 1 ? ` and ${countText(runs.length - 1)} more` : '';
    return `Simulating “${runs[0].title || runs[0].id}”${others} with other parameters. A new one is queued; see the list of simulations.`;
  }

  #showList() {
    const waiting = this.#active();
    const ended = this.#newestFirst().filter((run) => !active.has(run.state));
    this.list.draw([...waiting, ...ended].map((run) => ({
      run, symbol: this.#index(run.id), isShown: !this.#hidden.has(run.id), isActive: active.has(run.state),
      canContinue: run.state === 'stopped' || run.state === 'failed',
      facts: [this.#stateText(run, waiting), pointsText(run), dateText(run.started)].filter(Boolean).join(' · '), note: this.#note(run),
    })));
  }

  #stateText(run, waiting) {
    const kept = this.areKept ? 'kept' : 'not kept: the store cannot be written';
    switch (run.state) {
      case 'waiting': return `waiting, ${countText(waiting.indexOf(run))} before it`;
      case 'running': return `running${leftText(run)}`;
      case 'stopped': return run.points.length ? `stopped, ${kept}` : 'stopped before it measured anything';
      case 'finished': return `finished, ${kept}`;
      default: return run.state;
    }
  }

  /** Why the points of a simulation are faded, or not on the chart at all; as parts of a sentence. */
  #note(run) {
    const { values, axis } = this.store.state;
    const its = this.#its(run);
    if (!areAlike(its.values, values)) return [`Another model (${modelOf(its.values).title}), so it is not on this chart.`];
    if (its.axis.parameter !== axis.parameter) {
      return sentence(`Over {${fieldOf(its.values, its.axis.parameter)?.symbol ?? '?'}}, so it is not on this chart.`);
    }
    const different = differences(its.values, values, axis.parameter);
    return different.length ? ['Faded: simulated with ', ...this.#told(different, its.values), '.'] : [];
  }

  #told(paths, values) {
    const parts = paths.slice(0, 4).flatMap((path, index) => {
      const symbol = fieldOf(values, path)?.symbol;
      const value = values[path];
      const text = typeof value === 'number' ? numberText(value) : String(value ?? 'another model');
      return [index ? ', ' : '', symbol ? symbolNode(symbol) : path, ` = ${text}`];
    });
    return paths.length > 4 ? [...parts, `, and ${paths.length - 4} more`] : parts;
  }

  #toggle(id, shown) {
    if (shown) this.#hidden.delete(id);
    else this.#hidden.add(id);
    this.onChange();
  }

  async #remove(id) {
    await api.removeRun(id);
    this.#snapshots.delete(id);
    this.#changed();
  }

  async #try(action) {
    try {
      await action();
    } catch (error) {
      this.onFault(error);
    }
  }

  /** What is said of every simulation depends on the sliders. */
  stateChanged(state) {
    this.#unable = isSampled(state.values) ? '' : 'Computed without chance: nothing is drawn at random, so there is nothing to simulate.';
    this.#showProgress();
    this.#showList();
  }
}

function sweepLength(experiment) {
  const sweep = Array.isArray(experiment?.sweep) ? experiment.sweep[0] : experiment?.sweep;
  return sweep?.values?.length ?? sweep?.points;
}

function pointsText(run) {
  const finished = run.points.filter((point) => point.state === 'finished').length;
  return `${finished} of ${sweepLength(run.experiment) ?? run.points.length} points`;
}

function leftText(run) {
  return run.state === 'running' && Number.isFinite(run.secondsLeft) ? `, ${durationText(run.secondsLeft)} left` : '';
}

function countText(count) {
  return count === 1 ? '1 simulation' : `${count} simulations`;
}
