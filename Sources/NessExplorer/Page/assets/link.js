// The state as a link: the part of the address after `#` names an example and what differs from it.

import { fromExperiment, defaultAxis } from './state.js';
import { completed, fieldOf } from './models.js';
import { isMapping, read } from './tree.js';

const shortGroups = [['medium.', 'm.'], ['baths.left.', 'l.'], ['baths.right.', 'r.']];

function shorten(path) {
  const [long, short] = shortGroups.find(([group]) => path.startsWith(group)) ?? ['', ''];
  return short + path.slice(long.length);
}

function lengthen(path) {
  const [long, short] = shortGroups.find(([, group]) => path.startsWith(group)) ?? ['', ''];
  return long + path.slice(short.length);
}

/** The defaults of an example, as a state. */
export function stateOf(preset) {
  const { title, values, axis, seed, device } = fromExperiment(preset.experiment);
  const error = preset.experiment?.run?.targetError ?? 0.01;
  return {
    preset: preset.name, title, values, axis, seed, device,
    view: { y: 'linear', shown: [], hidden: [], tab: '' }, run: { points: 8, error },
  };
}

/** The fragment (with `#`) that restores `state`, given the examples. */
export function linkOf(state, presets) {
  const preset = presets.find((each) => each.name === state.preset) ?? presets[0];
  const base = stateOf(preset);
  const parts = [];
  const put = (name, value) => parts.push(`${name}=${encodeURIComponent(value).replace(/%2C/g, ',')}`);
  for (const path of new Set([...Object.keys(base.values), ...Object.keys(state.values)])) {
    const value = state.values[path];
    if (JSON.stringify(value) === JSON.stringify(base.values[path])) continue;
    const needed = value !== undefined || path in completed({ ...base.values, ...state.values });
    if (needed) put(shorten(path), value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : value);
  }
  const { axis, view, run } = state;
  if (axis.parameter !== base.axis.parameter) put('x', shorten(axis.parameter));
  for (const key of ['from', 'to', 'scale']) if (axis[key] !== base.axis[key]) put(key, axis[key]);
  if (JSON.stringify(state.device) !== JSON.stringify(base.device)) put('device', JSON.stringify(state.device ?? null));
  if (view.y !== 'linear') put('y', view.y);
  if (view.tab) put('tab', view.tab);
  if (view.shown.length) put('show', view.shown.join(','));
  if (view.hidden.length) put('hide', view.hidden.join(','));
  for (const key of ['points', 'error']) if (run[key] !== base.run[key]) put(key, run[key]);
  return `#${[encodeURIComponent(preset.name), ...parts].join('&')}`;
}

/** The state a fragment stands for, and what of it could not be read: `{state, faults: [text]}`. */
export function readLink(fragment, presets) {
  const [name, ...parts] = fragment.replace(/^#/, '').split('&');
  const faults = [];
  const wanted = decoded(name);
  const preset = presets.find((each) => each.name === wanted);
  if (wanted && !preset) faults.push(`there is no example “${wanted}”`);
  const state = stateOf(preset ?? presets[0]);
  if (wanted && !preset) return { state, faults };
  const given = {};
  const rest = {};
  for (const part of parts.filter(Boolean)) {
    const [key, text] = [part.split('=')[0], decoded(part.slice(part.indexOf('=') + 1))];
    if (!part.includes('=') || text === undefined) faults.push(`“${part}” says nothing`);
    else if (/^(medium|baths|[mlr])\./.test(key)) given[lengthen(key)] = valueOf(text);
    else rest[key] = text;
  }
  state.values = takenOver(state.values, given, faults);
  readRest(rest, state, faults);
  return { state, faults };
}

/** The values of an example with those of the link; what is no parameter, or of the wrong type, is left out and told. */
function takenOver(base, given, faults) {
  const draft = completed({ ...base, ...given });
  const usable = { ...given };
  for (const [path, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const field = fieldOf(draft, path);
    const kind = path.endsWith('.kind');
    if (!(path in draft)) faults.push(`“${path}” is no parameter here`);
    else if (kind ? typeof value === 'string' : field?.options || field?.structure || typeof value === 'number') continue;
    else faults.push(`“${path}” needs a number, not “${value}”`);
    delete usable[path];
  }
  const merged = { ...base, ...usable };
  for (const path of Object.keys(merged)) if (merged[path] === undefined) delete merged[path];
  return completed(merged);
}

function readRest(rest, state, faults) {
  const parameter = rest.x ? lengthen(rest.x) : state.axis.parameter;
  if (fieldOf(state.values, parameter)?.symbol) state.axis = { ...state.axis, parameter };
  else {
    if (rest.x) faults.push(`“${parameter}” cannot be the horizontal axis here`);
    state.axis = defaultAxis(state.values);
  }
  const number = (key, take) => {
    if (!(key in rest)) return;
    const value = Number(rest[key]);
    if (rest[key] !== '' && Number.isFinite(value)) take(value);
    else faults.push(`“${key}=${rest[key]}” is no number`);
  };
  const before = state.axis;
  number('from', (from) => { state.axis = { ...state.axis, from }; });
  number('to', (to) => { state.axis = { ...state.axis, to }; });
  if (rest.scale === 'log' || rest.scale === 'linear') state.axis.scale = rest.scale;
  if (!(state.axis.to > state.axis.from) || (state.axis.scale === 'log' && state.axis.from <= 0)) {
    faults.push('the range of the horizontal axis is impossible');
    state.axis = before;
  }
  number('points', (points) => { state.run.points = points; });
  number('error', (error) => { state.run.error = error; });
  if ('device' in rest) {
    const device = read(rest.device);
    if (isMapping(device)) state.device = device;
    else if (rest.device === 'null') state.device = undefined;
    else faults.push(`“device=${rest.device}” is no device`);
  }
  const list = (text) => (text ? text.split(',').filter((word) => /^[A-Za-z][\w.-]*$/.test(word)) : []);
  state.view = {
    y: rest.y === 'log' ? 'log' : 'linear', tab: /^[a-z]*$/.test(rest.tab ?? '') ? rest.tab ?? '' : '',
    shown: list(rest.show), hidden: list(rest.hide),
  };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function valueOf(text) {
  if (text === '') return undefined;
  if (text.startsWith('[')) {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
  return Number.isFinite(Number(text)) ? Number(text) : text;
}
