// The state of the page, and who is told of its changes.

import { completed, bathNames, fieldOf, fieldsOf, isTemperature, axisPaths, lastAxis, usualAxis } from './models.js';
import { flatten, unflatten, isMapping } from './tree.js';

export { flatten, unflatten };

/** What an experiment (as the server gives it) shows: `{title, values, axis, seed, device}`. */
export function fromExperiment(experiment) {
  const values = completed(flatten({ medium: experiment?.medium, baths: experiment?.baths }));
  return { title: experiment?.title, values, axis: axisOf(experiment?.sweep, values), seed: experiment?.run?.seed ?? 1, device: experiment?.device };
}

function axisOf(sweep, values) {
  const given = lastAxis(sweep);
  if (!given?.parameter || !fieldOf(values, given.parameter)) return defaultAxis(values);
  if (!given.values) {
    return { parameter: given.parameter, from: given.from, to: given.to, scale: given.scale === 'log' ? 'log' : 'linear' };
  }
  const low = Math.min(...given.values);
  const high = Math.max(...given.values);
  if (!(high > low)) return { ...defaultAxis(values), ...axisRange(values, given.parameter) };
  return { parameter: given.parameter, from: low, to: high, scale: low > 0 && high > 8 * low ? 'log' : 'linear' };
}

/** The axis for values that came without one: that of the examples, else the temperature of the first bath. */
export function defaultAxis(values) {
  const paths = axisPaths(values).map((entry) => entry.path);
  const wanted = usualAxis(values);
  return axisRange(values, paths.includes(wanted) ? wanted : paths[0]);
}

/** A good range for a parameter on the horizontal axis. */
export function axisRange(values, parameter) {
  const field = fieldOf(values, parameter);
  if (isTemperature(parameter)) {
    const others = bathNames(values).map((name) => `baths.${name}.temperature`).filter((path) => path !== parameter);
    const other = Math.max(...others.map((path) => values[path]), 0) || 10;
    if (field.scale === 'log') return { parameter, from: rounded2(Math.max(other / 10, field.min)), to: rounded2(other * 30), scale: 'log' };
    return { parameter, from: 0, to: rounded2(values[parameter] > other ? 2 * other : other), scale: 'linear' };
  }
  return { parameter, from: field.min, to: field.max, scale: field.scale === 'log' ? 'log' : 'linear' };
}

function rounded2(value) {
  return Number(value.toPrecision(2));
}

/** The values at which the axis is computed: a range for the server, or a list where only whole numbers exist. */
export function sweepOf(state, points) {
  const { parameter, from, to, scale } = state.axis;
  const field = fieldOf(state.values, parameter);
  if (field?.integer) return { parameter, values: [...new Set(spaced(from, to, points, scale).map(Math.round))] };
  if (scale === 'log' || from !== 0) return { parameter, from, to, points, scale };
  // Currents begin at 0 with any slope, even an infinite one: there the values lie closer.
  const values = spaced(0, 1, points, 'linear').map((share) => Number((to * share ** 1.8).toPrecision(6)));
  return { parameter, values: [...new Set(values)] };
}

/** `count` values from `from` to `to`, equally far apart or in equal ratios. */
export function spaced(from, to, count, scale) {
  return Array.from({ length: count }, (_, index) => {
    const share = count > 1 ? index / (count - 1) : 0;
    return scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  });
}

/** The experiment that the state describes, ready for a request; `sweep` and `run` only where given, and with `run`, or
 * where it `isDevice`, the device of its file. */
export function experimentOf(state, { sweep, run, isDevice = Boolean(run) } = {}) {
  const experiment = { title: state.title, ...unflatten(state.values) };
  if (isDevice && state.device) experiment.device = state.device;
  if (run) experiment.run = run;
  if (sweep) experiment.sweep = sweep;
  return experiment;
}

/** Which parameters of two sets of values differ, apart from `except`. */
export function differences(these, those, except) {
  const paths = new Set([...Object.keys(these), ...Object.keys(those)]);
  return [...paths].filter((path) => path !== except && JSON.stringify(these[path]) !== JSON.stringify(those[path]));
}

/** Holds the state; listeners get the state and how it changed: 'move' (a slider), 'set', or 'load' (everything new). */
export class Store {
  #listeners = [];

  constructor(state) {
    this.state = state;
  }

  subscribe(listener) {
    this.#listeners.push(listener);
  }

  update(patch, how = 'set') {
    this.state = { ...this.state, ...patch };
    for (const listener of this.#listeners) listener(this.state, how);
  }

  setValue(path, value, how = 'set') {
    const values = { ...this.state.values };
    // A mapping goes in the place of all that stood below its path, or at it.
    if (value === undefined || isMapping(value)) for (const each of Object.keys(values)) if (each.startsWith(`${path}.`)) delete values[each];
    if (value === undefined || isMapping(value)) delete values[path];
    if (isMapping(value)) Object.assign(values, flatten(value, path));
    else if (value !== undefined) values[path] = value;
    this.update({ values: completed(values) }, how);
  }

  /** New values of another shape: the axis is kept where it still exists. */
  setValues(values, how = 'load') {
    const axis = fieldOf(values, this.state.axis.parameter)?.symbol ? this.state.axis : defaultAxis(values);
    this.update({ values, axis }, how);
  }
}

/** The groups of controls, in order: baths from left to right with the medium between them. */
export function groupsOf(values) {
  const names = bathNames(values);
  const [first, ...others] = names.map((name) => `baths.${name}`);
  return [first, 'medium', ...others].filter((group) => group && (group === 'medium' || fieldsOf(values, group).length > 0));
}
