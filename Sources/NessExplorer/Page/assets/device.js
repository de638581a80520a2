// What the device that a file names does, by theory: its number along the axis, and the verdicts.

import { symbolOf } from './models.js';
import { isTheory, methodTitle } from './curves.js';
import { estimateText, numberText } from './format.js';
import { capital } from './verdict.js';

/** Of every kind how it is called, the number that it is judged by with its letter and axis, and the height that says what that is worth. */
const kinds = {
  diode: { title: 'As a diode', number: 'rectification', letter: '{R}', yKind: 'linear', yLabel: '{R}  rectification' },
  transistor: {
    title: 'As a transistor', number: 'amplification', letter: '{α}', yKind: 'log', yLabel: '|{α}|  amplification', level: () => 1,
    levelWords: '1, above which it amplifies',
  },
  refrigerator: {
    title: 'As a refrigerator', number: 'coefficientOfPerformance', letter: 'COP', yKind: 'linear', yLabel: 'COP', levelWords: 'the Carnot bound',
    level: (row) => numberOf(row, 'carnotBound')?.value ?? NaN,
  },
  conductivity: { title: 'Conductivity', number: 'conductivity', letter: '{κ}', yKind: 'log', yLabel: '{κ}  conductivity [1/time]' },
};

/** The other numbers, as they are told. */
const letters = {
  forward: '{J_forwards}', backward: '{J_backwards}', heatFromBase: '{J_B}', heatIntoCollector: '{J_C}', heatFromCold: '{J_cold}',
  heatFromHot: '{J_hot}', carnotBound: 'Carnot bound', heatCurrent: '{J}',
};

/** How the methods are drawn, the best first. */
const styles = [['first', 'solid'], ['second', 'dashed'], ['third', 'dotted']];
const styleOf = (index) => styles[Math.min(index, styles.length - 1)];

/** What the small chart shows of a `device`, the report of the server; undefined while that is on its way. */
export function deviceDrawing({ state, curve, device }) {
  const kind = kinds[device?.device];
  if (!kind) return { series: [], yKind: 'linear', yLabel: '', caption: 'On its way …' };
  const lines = theoriesOf(device).map(({ method }, index) => ({ method, style: styleOf(index), rows: rowsOf(device, method) }))
    .map((line) => ({ ...line, points: line.rows.map((row) => ({ x: row.x, y: heightOf(row, kind) })) }));
  const drawn = lines.filter((line) => line.points.some((point) => Number.isFinite(point.y)));
  const series = drawn.map(({ method, style, points }) => ({ name: method, style: style[0], points, fromZero: true }));
  const words = drawn.map(({ method, style }) => `${style[1]}: ${shortTitle(method, curve)}`);
  if (kind.level && drawn.length) {
    series.push({ name: 'level', style: 'fourth', points: drawn[0].rows.map((row) => ({ x: row.x, y: kind.level(row) })), fromZero: true });
    words.push(`dash-dotted: ${kind.levelWords}`);
  }
  const caption = [hereWords(lines[0]?.rows, kind, state), words.length > 1 ? `${capital(words.join('; '))}.` : ''].filter(Boolean).join(' ');
  return { series, yKind: kind.yKind, yLabel: kind.yLabel, caption, ...ownAxis(device, state) };
}

/** What is said of a device below the answer: the verdict of the best theory, what the others have in its place, why none answers, and which
 * axis was chosen for it; `device` is the report of the server, or `{fault}` where it refused. What was `said` already is not said again. */
export function deviceWords({ state, curve, device, said = '' }) {
  if (!device || !state.device) return '';
  if (device.fault) return `Not judged as a ${state.device.kind}: ${device.fault}.`;
  const kind = kinds[device.device];
  if (!kind) return '';
  const [best, ...others] = theoriesOf(device).map((verdict) => ({ ...verdict, words: told(verdict.text, state) }));
  const beside = others.map(({ method, number, words }) => `${shortTitle(method, curve)}: ${number?.name === kind.number ? `${kind.letter} = ${errorText(number)}` : words}`);
  const notes = best && !('mark' in ownAxis(device, state)) ? [] : notesOf(device, state, said);
  const sentences = [best ? `${kind.title}: ${best.words}` : `${kind.title}: no theory answers; ness device simulates it`, beside.join('; '), ...notes];
  return sentences.filter(Boolean).map((each) => `${capital(each)}.`).join(' ');
}

/** The verdicts that one may believe, the best first. */
function theoriesOf(device) {
  return device.verdicts.filter((verdict) => isTheory(verdict.validity));
}

function rowsOf(device, method) {
  return device.points.filter((row) => row.method === method).map((row) => ({ ...row, x: Object.values(row.parameters)[0] }))
    .sort((one, other) => one.x - other.x);
}

function numberOf(row, name) {
  return row.numbers.find((each) => each.name === name);
}

function heightOf(row, kind) {
  const value = numberOf(row, kind.number)?.value ?? NaN;
  return kind.yKind === 'log' ? Math.abs(value) : value;
}

/** A device may have an axis of its own, as the temperature of the base, that is not the one of the large chart. */
function ownAxis(device, { values, axis }) {
  const parameter = Object.keys(device.points[0]?.parameters ?? {})[0];
  if (!parameter || parameter === axis.parameter) return {};
  const places = device.points.map((row) => row.parameters[parameter]);
  return { xKind: 'linear', xDomain: [Math.min(...places), Math.max(...places)], xLabel: `{${symbolOf(values, parameter)}}`, mark: values[parameter] };
}

/** The numbers of the best theory at the marked value, or next to it. */
function hereWords(rows, kind, state) {
  const path = Object.keys(rows?.[0]?.parameters ?? {})[0];
  const mark = state.values[path];
  if (!Number.isFinite(mark)) return '';
  const row = rows.reduce((best, each) => (Math.abs(each.x - mark) < Math.abs(best.x - mark) ? each : best));
  const numbers = row.numbers.filter((each) => letters[each.name]).map((each) => `${letters[each.name]} = ${numberText(each.value, 3)}`);
  const judged = numberOf(row, kind.number);
  return `At {${symbolOf(state.values, path)}} = ${numberText(row.x, 3)}: ${[...numbers, judged ? `${kind.letter} = ${errorText(judged)}` : told(row.text, state)].join(', ')}.`;
}

/** The title of a method without what is said about it. */
function shortTitle(method, curve) {
  return methodTitle(method, curve).replace(/^approximation \((.*)\)$/, '$1').replace(/, (for|which) .*/, '');
}

/** What the server says besides; what differs by its numbers alone is said once. Warnings are for who takes the numbers. */
function notesOf(device, state, said) {
  const notes = device.notes.filter((note) => !note.startsWith('warning') && !said.startsWith(capital(note.replace(/^\w+: /, ''))));
  const known = new Map(notes.map((note) => [note.replace(/\d+(\.\d+)?(e[-+]?\d+)?/g, '#'), note]));
  return [...known.values()].map((note) => told(note, state));
}

function errorText({ value, uncertainty, kind }) {
  return estimateText({ y: value, error: uncertainty, kind });
}

/** Words of the server as a reader of the page expects them: symbols in place of paths, powers of ten. */
function told(text, { values }) {
  return text.replace(/\b(?:baths|medium)(?:\.\w+)+/g, (path) => `{${symbolOf(values, path)}}`)
    .replace(/(?<![\w{])[TJ]_\w+/g, '{$&}').replace(/\balpha\b/g, '{α}').replace(/\bR(?= =|\|)/g, '{R}')
    .replace(/\d+(?:\.\d+)?e[-+]?\d+/g, (number) => numberText(Number(number), 6))
    .replace(/\)e([-+]?\d+)/g, (_, power) => `)${numberText(Number(`1e${power}`)).slice(1)}`);
}
