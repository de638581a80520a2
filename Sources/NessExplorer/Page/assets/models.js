// What can be set: the kinds of media and baths and their parameters, as the catalogue of the server tells them.

import { flatten, unflatten, isMapping, read } from './tree.js';

let media = new Map();
let baths = new Map();

/** The models of the top row, in order: media between baths, as the examples have them. */
export let models = [];
const others = new Map();

/** Takes over what `/api/schema` told, and the examples. */
export function learn(schema, presets) {
  media = new Map(schema.media.map((kind) => [kind.key, kindOf(kind)]));
  baths = new Map(schema.baths.map((kind) => [kind.key, kindOf(kind)]));
  models = presets.map((preset) => {
    const { medium, baths: own, sweep } = preset.experiment;
    return {
      name: preset.name, title: titleOf(preset.name), medium: medium.kind, shape: shapeOf(completed(flatten({ medium, baths: own }))),
      kinds: Object.values(own).map((bath) => bath.kind).join(), axis: lastAxis(sweep)?.parameter,
    };
  });
}

/** The axis of a sweep that lies below: the last one of a grid, the first one of paired ones. */
export function lastAxis(sweep) {
  return Array.isArray(sweep) ? sweep.at(-1) : sweep?.paired?.[0] ?? sweep;
}

/** The parameter that examples of this medium have below; undefined where there is none. */
export function usualAxis(values) {
  const model = modelOf(values);
  return (model.axis ? model : models.find((each) => each.medium === values['medium.kind']))?.axis;
}

/** `hot-particles` as a title. */
function titleOf(name) {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function kindOf({ key, title, baths: fitting, sampled, picture, twin, solvedAs, answers, parameters }) {
  // What makes another medium of this one comes last.
  const fields = parameters.flatMap(fieldsFrom).map(([path, field]) => [path, { ...field, further: Boolean(solvedAs && field.structure) }]);
  return { key, title, baths: fitting ?? [], isSampled: sampled !== false, picture, twin, solvedAs, fields, answers: answers ?? [] };
}

/** A parameter as the page handles it: one that has two ends stands for three fields, both ends and each. */
function fieldsFrom(parameter) {
  const { key, type, symbol } = parameter;
  const field = fieldFrom(parameter);
  if (type !== 'ends') return [[key, field]];
  const end = (name) => [`${key}.${name}`, { ...field, symbol: symbol && `${symbol}_${name}`, note: `${name} end`, end: key }];
  return [[key, { ...field, note: 'of both ends', both: key }], end('left'), end('right')];
}

function fieldFrom({ key, type, symbol, name, dimension, value, usual, choices, when, required, whole, meaning }) {
  const shared = { name: key, note: name === key ? undefined : name, fallback: value, when };
  const forms = choices?.map((choice) => `${choice.word}: ${choice.meaning}`.replaceAll('`', '')).join('\n');
  if (type === 'structure') {
    return {
      ...shared, structure: true, note: meaning.replaceAll('`', ''), forms, fallback: value === undefined ? undefined : read(value),
      integer: whole, optional: !required && value === undefined,
    };
  }
  if (type === 'word') {
    return { ...shared, options: choices.map((choice) => choice.word), titles: Object.fromEntries(choices.map((choice) => [choice.word, choice.meaning])) };
  }
  const unit = dimension === '1' ? undefined : dimension.replace('^2', '²').replace('^3', '³').replace('^4', '⁴');
  const [min, max] = usual;
  return {
    ...shared, symbol: symbol ?? key, unit, otherForms: forms && { structure: true, note: meaning.replaceAll('`', ''), forms }, min, max, scale: min > 0 ? 'log' : 'power', integer: type === 'whole',
    optional: !required && value === undefined, hasDefault: !required && value !== undefined,
  };
}

/** The name of a kind of medium or bath. */
export function kindName(kind) {
  return (media.get(kind) ?? baths.get(kind))?.title ?? kind;
}

/** The medium as it is solved: a chain with a formula, a list or a mapping is a network. */
function solvedMedium(values) {
  const medium = media.get(values['medium.kind']);
  const isOther = medium?.solvedAs && fieldsOf(values, 'medium').some(([path, field]) => field.structure && valueAt(values, path) !== undefined);
  return isOther ? media.get(medium.solvedAs) : medium;
}

/** The kinds of bath that can touch the medium of these values. */
export function bathKinds(values) {
  return solvedMedium(values)?.baths ?? [];
}

/** Whether the medium of these values is simulated, and not computed exactly. */
export function isSampled(values) {
  return solvedMedium(values)?.isSampled ?? true;
}

/** Whether some theory answers the quantity for the medium of these values, if the rest allows it. */
export function hasTheoryOf(values, quantity) {
  const answers = solvedMedium(values)?.answers ?? [];
  return answers.some(({ method, quantities, costly }) => method !== 'simulation' && [...quantities, ...costly].includes(quantity));
}

/** How the medium of these values is drawn: the name of a picture, or undefined. */
export function pictureOf(values) {
  return solvedMedium(values)?.picture;
}

/** The medium that describes the same system by the other mechanics, classical or quantum; undefined if there is none. */
export function twinKind(values) {
  return media.get(values['medium.kind'])?.twin;
}

/** The field of ħ that a classical medium has through its quantum twin. */
export function hbarOfTwin(values) {
  const hbar = (kind) => media.get(kind)?.fields.find(([key]) => key === 'hbar')?.[1];
  return hbar(values['medium.kind']) ? undefined : hbar(twinKind(values));
}

/** Which of `models` the values belong to; values of no example are a model of their own. Of several with the same baths it is the
 * one called `name`, else the one that is built of the same parts. */
export function modelOf(values, name) {
  const medium = values['medium.kind'];
  const kinds = bathNames(values).map((bath) => values[`baths.${bath}.kind`]).join();
  const fitting = models.filter((model) => model.medium === medium && model.kinds === kinds);
  const known = fitting.find((model) => model.name === name) ?? fitting.find((model) => model.shape === shapeOf(values)) ?? fitting[0];
  if (known) return known;
  const key = `${medium} ${kinds}`;
  if (!others.has(key)) others.set(key, { title: kindName(medium), medium, kinds });
  return others.get(key);
}

/** Of which parts a medium is built: what it has of lists, mappings and texts of the user's own. */
function shapeOf(values) {
  const structures = tableOf(values, 'medium').filter(([, field]) => field.structure).map(([key]) => `medium.${key}`);
  return Object.keys(values).filter((path) => structures.some((each) => path === each || path.startsWith(`${each}.`))).sort().join();
}

/** Whether two systems can be compared on one chart: the same kinds, built of the same parts. */
export function areAlike(these, those) {
  return modelOf(these) === modelOf(those) && shapeOf(these) === shapeOf(those);
}

/** The quantities of the large chart: the current between two baths; else the heat from each, that of the bath on the axis first. */
export function currentsOf(values, parameter) {
  const names = bathNames(values);
  if (names.length === 2) return ['heatCurrent'];
  const own = names.filter((name) => parameter.startsWith(`baths.${name}.`));
  return [...own, ...names.filter((name) => !own.includes(name))].map((name) => `heatFrom.${name}`);
}

/** The symbol of a current: J, and of the heat from one of many baths J with its name. */
export function currentSymbol(quantity) {
  return quantity === 'heatCurrent' ? 'J' : `J_${quantity.split('.')[1]}`;
}

/** The names of the baths, in their order. */
export function bathNames(values) {
  const names = Object.keys(values).filter((path) => path.startsWith('baths.')).map((path) => path.split('.')[1]);
  return [...new Set(names)];
}

function tableOf(values, group) {
  return (group === 'medium' ? media : baths).get(values[`${group}.kind`])?.fields ?? [];
}

/** The fields of a group (`medium` or `baths.NAME`) that apply to these values: [[path, field], …]. */
export function fieldsOf(values, group) {
  const isSplit = (key) => `${group}.${key}.left` in values;
  return tableOf(values, group).filter(([, field]) => {
    if (field.both) return !isSplit(field.both);
    if (field.end) return isSplit(field.end);
    // Without a word it is whether the other key is given at all.
    return !field.when || ((valueAt(values, `${group}.${field.when.key}`) ?? null) === field.when.word) === field.when.holds;
  }).map(([key, field]) => [key, asWritten(field, valueAt(values, `${group}.${key}`))])
    .flatMap(([key, field]) => (field.structure ? partsOf(values, `${group}.${key}`, key, field) : [[key, field]]))
    .map(([key, field]) => [`${group}.${key}`, describe(field, group)]);
}

/** A field as its value is written: a number that is given as a list, a mapping or a text is such a field. */
function asWritten(field, value) {
  return field.otherForms && value !== undefined && typeof value !== 'number' ? { ...field, symbol: undefined, ...field.otherForms } : field;
}

/** The fields of a value that is a list, a mapping or a text: of a mapping one for all of it, and one for every number in it. */
function partsOf(values, path, key, field) {
  const inner = Object.keys(values).filter((each) => each.startsWith(`${path}.`));
  const whole = inner.length ? [[key, { ...field, text: true, optional: true }]] : [];
  const parts = inner.length ? inner.map((each) => [key + each.slice(path.length), each]) : [[key, path]];
  return whole.concat(parts.filter(([, each]) => typeof values[each] === 'number' || !inner.length).map(([name, each]) => {
    const shared = { ...field, name };
    if (typeof values[each] !== 'number') return [name, { ...shared, text: true }];
    const most = rangeOf(each, values[each]);
    return [name, {
      ...shared, symbol: name.split('.').at(-1), label: '', fixed: each === path, min: field.integer ? 1 : 0 - most.below, max: most.above, scale: most.below ? 'linear' : 'power',
    }];
  }));
}

/** The value at a path: a number, a word, or all that stands below it as a mapping. */
export function valueAt(values, path) {
  if (path in values) return values[path];
  const inner = Object.entries(values).filter(([each]) => each.startsWith(`${path}.`));
  return inner.length ? unflatten(Object.fromEntries(inner.map(([each, value]) => [each.slice(path.length + 1), value]))) : undefined;
}

/** A range for the slider of a number of the user's own: the first value and as much again, or what was typed since. */
const ranges = new Map();
function rangeOf(path, value) {
  const size = Math.abs(value) || 0.25;
  const known = ranges.get(path) ?? { above: 4 * size, below: 0 };
  const range = { above: value > known.above ? 4 * size : known.above, below: -value > known.below ? 4 * size : known.below };
  ranges.set(path, range);
  return range;
}

function describe(field, group) {
  const bath = group.split('.')[1];
  if (!bath || !field.symbol) return field;
  const [letter, index] = field.symbol.split('_');
  return { ...field, symbol: `${letter}_${index ? `${index},` : ''}${bath}`, plain: field.symbol };
}

/** The field of a path, or undefined where the page does not know it. */
export function fieldOf(values, path) {
  const group = path.startsWith('medium.') ? 'medium' : path.split('.').slice(0, 2).join('.');
  return fieldsOf(values, group).find(([known]) => known === path)?.[1];
}

/** The symbol of a path, in braces where it is set. A bath has a temperature even where that follows from other parameters. */
export function symbolOf(values, path) {
  return fieldOf(values, path)?.symbol ?? (isTemperature(path) ? `T_${path.split('.')[1]}` : path);
}

/** All paths with numbers that can lie on the horizontal axis. */
export function axisPaths(values) {
  const groups = [...bathNames(values).map((name) => `baths.${name}`), 'medium'];
  return groups.flatMap((group) => fieldsOf(values, group))
    .filter(([path, field]) => field.symbol && !field.fixed && (typeof values[path] === 'number'))
    .map(([path, field]) => ({ path, field }));
}

export function isTemperature(path) {
  return /^baths\.[^.]+\.temperature$/.test(path);
}

/** Values with every key of their kinds, and without keys that do not apply to them. */
export function completed(values) {
  const result = {};
  for (const group of ['medium', ...bathNames(values).map((name) => `baths.${name}`)]) {
    result[`${group}.kind`] = values[`${group}.kind`];
    const draft = { ...values };
    // Words decide which other fields there are.
    for (const isWord of [true, false]) {
      for (const [path, field] of fieldsOf(draft, group)) {
        if (Boolean(field.options) !== isWord || path in draft || field.optional) continue;
        if (isMapping(field.fallback)) Object.assign(draft, flatten(field.fallback, path));
        else draft[path] = field.fallback;
      }
    }
    for (const [path, field] of fieldsOf(draft, group)) {
      if (draft[path] !== undefined) result[path] = draft[path];
      // Of a mapping all that stands in it.
      if (field.structure) for (const each of Object.keys(draft)) if (each.startsWith(`${path}.`)) result[each] = draft[each];
    }
    for (const place of ['site', 'sites']) {
      if (`${group}.${place}` in values) result[`${group}.${place}`] = values[`${group}.${place}`];
    }
  }
  return result;
}

/** The bath of another kind: its own defaults, the temperature kept where both kinds have one. */
export function withBathKind(values, name, kind) {
  const group = `baths.${name}`;
  const kept = Object.fromEntries(Object.entries(values).filter(([path]) => !path.startsWith(`${group}.`)));
  const temperature = fieldOf({ [`${group}.kind`]: kind }, `${group}.temperature`);
  if (temperature) kept[`${group}.temperature`] = Math.max(temperature.min, values[`${group}.temperature`] ?? 10);
  return completed({ ...kept, [`${group}.kind`]: kind });
}
