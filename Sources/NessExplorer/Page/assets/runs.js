// Simulations: start, stop, go on; their points on the chart and their list below it.

import { api, follow } from './api.js';
import { element, symbolNode, sentence, numberText, durationText, dateText } from './format.js';
import { fieldOf, isTemperature, isSampled, modelOf } from './models.js';
import { fromExperiment, experimentOf, differences, spaced } from './state.js';
import { curvesOf, bestMethod, valueAt } from './curves.js';
import { bestVerdicts } from './verdict.js';
import { symbolPath } from './points.js';

const active = new Set(['waiting', 'running', 'stopping']);
const svgSpace = 'http://www.w3.org/2000/svg';

/** Temperatures (or other values) to simulate: spread over the axis, away from where the current vanishes,
 * because a relative error cannot be reached there. */
export function simulatedValues(state, curve, count) {
  const { axis, values } = state;
  const integer = fieldOf(values, axis.parameter)?.integer;
  const best = bestMethod(curvesOf(curve, axis.parameter, 'heatCurrent'));
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
  #unfolded = new Set();
  #order = [];

  /** `onChange()` when points or states changed, `onEnd()` when one has ended, `onLoad(experiment)`, `onFault(error)`. */
  constructor({ list, line, progress, button, store, onChange, onEnd, onLoad, onFault }) {
    Object.assign(this, { list, line, progress, button, store, onChange, onEnd, onLoad, onFault });
  }

  /** Asks the server for its list, at the beginning and after it was away. */
  async refresh() {
    const snapshots = await api.runs();
    this.#snapshots = new Map(snapshots.map((run) => [run.id, run]));
    this.#order = [...snapshots].reverse().map((run) => run.id);
    for (const run of snapshots) if (active.has(run.state)) this.#follow(run.id);
    this.#changed();
  }

  /** The simulation of this model that is in work or waits; those of other models are in the list alone. */
  get current() {
    const model = modelOf(this.store.state.values);
    const own = [...this.#snapshots.values()].filter((run) => active.has(run.state) && this.#model(run) === model);
    return own.find((run) => run.state !== 'waiting') ?? own[0];
  }

  #model(run) {
    return modelOf(fromExperiment(run.experiment).values);
  }

  async startOrStop(curve) {
    const running = this.current;
    if (running) await api.stopRun(running.id);
    else await this.start(curve);
  }

  async start(curve) {
    const { state } = this.store;
    const values = simulatedValues(state, curve, state.run.points);
    if (!values.length) throw new Error('no value on the axis has a current that could be measured');
    await this.#post(experimentOf(state, {
      run: { seed: state.seed, targetError: state.run.error }, sweep: { parameter: state.axis.parameter, values },
    }));
  }

  async #post(experiment) {
    const { id } = await api.startRun(experiment);
    if (typeof id !== 'string') throw new Error('the server started no simulation');
    this.#order = [...this.#order.filter((each) => each !== id), id];
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
    this.#showProgress();
    this.#showList();
    this.onChange();
  }

  /** What the chart draws: runs over the parameter of the axis, those of other parameters faded. */
  drawn() {
    const { values, axis } = this.store.state;
    return this.#newestFirst().filter((run) => !this.#hidden.has(run.id)).flatMap((run) => {
      const its = fromExperiment(run.experiment);
      if (its.axis.parameter !== axis.parameter || modelOf(its.values) !== modelOf(values)) return [];
      const points = curvesOf(run, axis.parameter, 'heatCurrent').find((curve) => curve.validity === 'sampled')?.points ?? [];
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

  #showProgress() {
    const run = this.current;
    this.button.textContent = run ? (run.state === 'stopping' ? 'Stopping …' : 'Stop') : 'Simulate';
    this.button.classList.toggle('stop', Boolean(run));
    this.progress.hidden = !run;
    if (!run) {
      const other = [...this.#snapshots.values()].find((each) => active.has(each.state));
      this.line.textContent = this.#unable || (other ? 'A simulation of another model is in work; a new one waits for it.' : '');
      return;
    }
    this.progress.value = Number.isFinite(run.fraction) ? run.fraction : 0;
    const finished = run.points.filter((point) => point.state === 'finished').length;
    const total = sweepLength(run.experiment) ?? run.points.length;
    const doing = typeof run.doing === 'string' ? run.doing.replace('baths.', '').replace('.temperature', ' T') : '';
    const left = Number.isFinite(run.secondsLeft) ? `, ${durationText(run.secondsLeft)} left` : '';
    this.line.textContent = run.state === 'waiting' ? 'Waiting for the simulation before it; see the list of simulations.'
      : `${doing}${doing ? '; ' : ''}${finished} of ${total} points${left}`;
  }

  #showList() {
    const runs = this.#newestFirst();
    if (!runs.length) {
      this.list.replaceChildren(element('li', { class: 'empty', text: 'None yet. “Simulate” measures the curve point by point.' }));
      return;
    }
    const focused = document.activeElement?.dataset?.action;
    this.list.replaceChildren(...runs.map((run) => this.#item(run)));
    if (focused) this.list.querySelector(`[data-action="${focused}"]`)?.focus();
  }

  #item(run) {
    const its = fromExperiment(run.experiment);
    const different = differences(its.values, this.store.state.values, this.store.state.axis.parameter);
    const otherAxis = its.axis.parameter !== this.store.state.axis.parameter;
    const finished = run.points.filter((point) => point.state === 'finished').length;
    const total = sweepLength(run.experiment) ?? run.points.length;
    const facts = [stateText(run), `${finished} of ${total} points`, dateText(run.started)].filter(Boolean).join(' · ');
    const note = element('p', { class: 'note' });
    const model = modelOf(its.values);
    if (model !== modelOf(this.store.state.values)) note.append(`Another model (${model?.title ?? 'unknown here'}), so it is not on this chart.`);
    else if (otherAxis) note.append(...sentence(`Over {${fieldOf(its.values, its.axis.parameter)?.symbol ?? '?'}}, so it is not on this chart.`));
    else if (different.length) note.append('Faded: simulated with ', ...this.#told(different, its.values), '.');
    const act = (name, text, action) => element('button', { type: 'button', text, 'data-action': `${name} ${run.id}`, onclick: () => this.#try(action) });
    return element('li', { class: `run-item ${run.state}`, 'data-run': run.id },
      element('label', {}, element('input', {
        type: 'checkbox', checked: !this.#hidden.has(run.id), 'aria-label': `Show ${run.title ?? run.id} on the chart`,
        'data-action': `show ${run.id}`, onchange: (event) => this.#toggle(run.id, event.target.checked),
      }), this.#symbol(run.id), element('span', { class: 'title', text: run.title || run.id })),
      element('p', { class: 'facts', text: facts }),
      run.message ? element('p', { class: 'fault', text: run.message }) : null,
      note.childNodes.length ? note : null,
      this.#notes(run),
      element('div', { class: 'actions' },
        active.has(run.state) ? act('stop', 'Stop', () => api.stopRun(run.id)) : null,
        run.state === 'stopped' || run.state === 'failed' ? act('continue', 'Continue', () => this.#post(run.experiment)) : null,
        act('load', 'Load', () => this.onLoad(run.experiment)),
        active.has(run.state) ? null : act('remove', 'Remove from list', () => this.#remove(run.id))));
  }

  /** What the simulation told on its way: how it chose its step, why a point ended. */
  #notes(run) {
    const notes = Array.isArray(run.notes) ? run.notes.filter((note) => typeof note === 'string') : [];
    if (!notes.length) return null;
    const open = this.#unfolded.has(run.id);
    return element('details', {
      class: 'run-notes', open, ontoggle: (event) => this.#unfolded[event.target.open ? 'add' : 'delete'](run.id),
    }, element('summary', { text: notes.length === 1 ? '1 note' : `${notes.length} notes`, 'data-action': `notes ${run.id}` }),
    element('ul', {}, ...notes.map((note) => element('li', { text: note }))));
  }

  #symbol(id) {
    const svg = document.createElementNS(svgSpace, 'svg');
    svg.setAttribute('viewBox', '-8 -8 16 16');
    svg.setAttribute('class', 'run-symbol');
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS(svgSpace, 'path');
    path.setAttribute('d', symbolPath(this.#index(id)));
    svg.append(path);
    return svg;
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

  /** The notes on what differs depend on the sliders, so the list follows them. */
  stateChanged(state) {
    const simulates = isSampled(state.values);
    this.button.disabled = !simulates && !this.current;
    this.#unable = simulates ? '' : 'Computed exactly: nothing moves at random, so there is nothing to simulate.';
    this.#showProgress();
    if (this.#snapshots.size) this.#showList();
  }

  #unable = '';
}

function sweepLength(experiment) {
  const sweep = Array.isArray(experiment?.sweep) ? experiment.sweep[0] : experiment?.sweep;
  return sweep?.values?.length ?? sweep?.points;
}

function stateText(run) {
  const left = Number.isFinite(run.secondsLeft) && run.state === 'running' ? `, ${durationText(run.secondsLeft)} left` : '';
  return { waiting: 'waiting', running: `running${left}`, stopping: 'stopping', stopped: 'stopped, kept', finished: 'finished, kept', failed: 'failed' }[run.state] ?? '';
}
