// The answer in words: where does more temperature difference give less heat?

import { fieldOf, isTemperature, symbolOf, currentsOf, currentSymbol } from './models.js';
import { byRank, isTheory, methodTitle, curvesOf, bestMethod } from './curves.js';
import { boundText, numberText } from './format.js';

/** The verdict of the best theory, or of what `isWanted` by its validity, on the temperature of the axis: `{hotter, colder}`,
 * each a verdict or undefined. */
export function bestVerdicts(document, parameter, isWanted = isTheory) {
  const fitting = document.verdicts.filter((verdict) => verdict.parameter === parameter && isWanted(verdict.validity))
    .sort((one, other) => byRank(document)(one.method, other.method));
  const method = fitting[0]?.method;
  const of = (side) => fitting.find((verdict) => verdict.method === method && verdict.side === side);
  return { hotter: of('hotter'), colder: of('colder'), method };
}

/** What is said above the curve: `{headline, subline, tone, peak, falling: [from, to]}`; symbols stand in braces. */
export function answer(document, state) {
  const { parameter } = state.axis;
  const field = fieldOf(state.values, parameter);
  const [quantity] = currentsOf(state.values, parameter);
  const curve = bestMethod(curvesOf(document, parameter, quantity));
  if (!curve) return refused(document);
  if (quantity !== 'heatCurrent') return oneOfMany(curve, quantity, field, document);
  if (!isTemperature(parameter)) return otherAxis(curve, field, document);
  const { hotter, colder, method } = bestVerdicts(document, parameter);
  const symbol = `{${field.symbol}}`;
  const verdict = [hotter, colder].find((each) => each?.falls === true) ?? hotter ?? colder;
  if (!verdict) {
    return { headline: `No verdict: there are too few points on one side of equal temperatures.`, subline: '', tone: 'open' };
  }
  const title = capital(methodTitle(method, document));
  const fixed = Object.entries(verdict.fixed ?? {}).map(([path, value]) =>
    `{${symbolOf(state.values, path)}} = ${numberText(value)}`).join(', ');
  const where = `${title}; ${fixed ? `${fixed} fixed; ` : ''}${symbol} from ${numberText(verdict.range?.[0])} to ${numberText(verdict.range?.[1])}`;
  const colderSide = verdict.side === 'colder';
  if (verdict.falls === true) return falls(verdict, { symbol, where, colderSide, curve, axis: state.axis });
  if (verdict.falls === false) {
    return {
      headline: `${colderSide ? 'A colder' : 'A hotter'} bath always gives more heat here.`,
      subline: `${where}; any fall is excluded.`, tone: 'none',
    };
  }
  const excluded = verdict.excludedFall;
  const rest = !Number.isFinite(excluded) ? '' : excluded < 1e-6 ? '; any fall beyond the numerical error is excluded'
    : `; a fall larger than ${numberText(100 * excluded, 2)} % of the largest current is excluded`;
  return {
    headline: `No fall found: ${colderSide ? 'a colder' : 'a hotter'} bath gives as much heat, or more.`, subline: `${where}${rest}.`, tone: 'none',
  };
}

/** The words of the server, with symbols in braces. */
export function verdictText(verdict) {
  return verdict.text.replace(/\bT_\w+/g, '{$&}').replace(/\bJ\b/g, '{J}');
}

/** The answer of a simulation where theory has none; `refusal` says why it has none. */
export function simulatedAnswer(verdict, state, refusal) {
  const symbol = `{${fieldOf(state.values, state.axis.parameter)?.symbol}}`;
  const colderSide = verdict.side === 'colder';
  if (verdict.falls === true) {
    return { ...falls(verdict, { symbol, where: '', colderSide, axis: state.axis }), subline: refusal.subline };
  }
  const meaning = colderSide ? 'a colder bath gives as much heat, or more' : 'a hotter bath gives as much heat, or more';
  return { headline: `No fall seen in the simulation: ${meaning}.`, subline: refusal.subline, tone: 'none' };
}

function falls(verdict, { symbol, where, colderSide, curve, axis }) {
  const known = Number.isFinite(verdict.peak);
  const letter = !curve || curve.points.some((point) => point.y > 0) ? '{J}' : '|{J}|';
  const meaning = colderSide ? 'colder means less heat' : 'hotter means less heat';
  const sign = colderSide ? '<' : '>';
  const place = Number.isFinite(verdict.peakError) ? ` The largest current is at ${symbol} = ${peakText(verdict)}.` : '';
  const edge = colderSide ? verdict.range?.[1] : verdict.range?.[0];
  const start = known ? verdict.peak : edge;
  return {
    headline: known ? `${letter} falls for ${symbol} ${sign} ${shortPeak(verdict)}: ${meaning}.`
      : `${letter} falls from ${symbol} = ${numberText(edge, 3)} on: ${meaning}.`,
    subline: `${where}.${place}`,
    tone: 'falls',
    peak: known ? { x: verdict.peak, text: verdict.validity === 'sampled' ? peakText(verdict) : shortPeak(verdict) } : undefined,
    falling: colderSide ? [axis.from, start] : [start, axis.to],
  };
}

/** The temperature of the maximum, with as many digits as its error allows and at most three. */
function shortPeak({ peak, peakError }) {
  const decimals = peakError > 0 ? Math.max(0, -Math.floor(Math.log10(peakError))) : 3;
  const digits = Math.min(3, Math.max(1, Math.floor(Math.log10(Math.abs(peak))) + 1 + decimals));
  return numberText(peak, digits);
}

/** The temperature of the maximum to the digits that its error leaves, at any scale: ± is one standard error; the numerical error of
 * theory is told in words. */
function peakText({ peak, peakError, validity }) {
  if (!(peakError > 0)) return numberText(peak);
  const last = Math.floor(Math.log10(peakError));
  const size = Math.floor(Math.log10(Math.max(Math.abs(peak), peakError)));
  const power = size < -4 || size >= 6 ? size : 0;
  const digits = Math.min(15, Math.max(0, power - last));
  const [value, error] = [peak, peakError].map((each) => (each / 10 ** power).toFixed(digits));
  if (validity !== 'sampled') return `${value}${power ? `e${power}` : ''}, numerical error below ${boundText(peakError)}`;
  return power ? `(${value}\u00a0±\u00a0${error})e${power}` : `${value}\u00a0±\u00a0${error}`;
}

function otherAxis(curve, field, document) {
  const finite = curve.points.filter((point) => Number.isFinite(point.y));
  const largest = finite.reduce((best, point) => (Math.abs(point.y) > Math.abs(best.y) ? point : best));
  const index = finite.indexOf(largest);
  const symbol = `{${field?.symbol ?? '?'}}`;
  const inside = index > 0 && index < finite.length - 1;
  const way = changeOf(finite, index);
  const [first, last] = [finite[0], finite.at(-1)];
  const headline = inside ? `The current is largest near ${symbol} = ${numberText(largest.x, 2)}.`
    : way ? `The current ${way} with ${symbol} over the whole range.`
      : `From ${symbol} = ${numberText(first.x, 3)} to ${numberText(last.x, 3)} the current ${index === 0 ? 'falls' : 'grows'} from `
        + `${numberText(first.y, 3)} to ${numberText(last.y, 3)}, but not steadily.`;
  const title = capital(methodTitle(curve.method, document));
  return {
    headline, tone: 'open', peak: undefined,
    subline: `${title}; read off the ${finite.length} points of the curve. Put a temperature on the horizontal axis to ask where a hotter bath gives less heat.`,
  };
}

/** Of three or more baths, or of one: the heat from the bath of the axis, else from the first. */
function oneOfMany(curve, quantity, field, document) {
  const bath = quantity.split('.')[1];
  const finite = curve.points.filter((point) => Number.isFinite(point.y));
  const largest = finite.reduce((best, point) => (point.y > best.y ? point : best));
  const index = finite.indexOf(largest);
  const inside = index > 0 && index < finite.length - 1;
  const symbol = `{${field?.symbol ?? '?'}}`;
  const [first, last] = [finite[0], finite.at(-1)].map((point) => numberText(point.y, 3));
  const isItsOwn = field?.symbol?.startsWith('T_') && field.symbol.endsWith(`_${bath}`);
  const title = capital(methodTitle(curve.method, document));
  return {
    headline: inside && isItsOwn ? `{${currentSymbol(quantity)}} falls from about ${symbol} = ${numberText(largest.x, 2)} on: hotter means less heat.`
      : inside ? `The heat from ${bath} is largest near ${symbol} = ${numberText(largest.x, 2)}.`
        : `The heat from ${bath} goes from ${first} to ${last} along ${symbol}.`,
    subline: `${title}; read off the ${finite.length} points of the curve. {${currentSymbol(quantity)}} counts what bath ${bath} gives; the heats of all `
      + 'baths add up to zero.',
    tone: inside && isItsOwn ? 'falls' : 'open', peak: undefined,
  };
}

/** Whether the current falls or grows all the way; undefined if it does neither steadily. */
function changeOf(points, index) {
  const steady = points.every((point, place) => place === 0
    || (Math.abs(point.y) - Math.abs(points[place - 1].y)) * (index === 0 ? -1 : 1) >= 0);
  if (!steady) return undefined;
  return index === 0 ? 'falls' : 'grows';
}

function refused(document) {
  const reason = document.points.flatMap((point) => point.refusals)[0]?.reason;
  return {
    headline: 'No theory answers here. Simulate to find out.', tone: 'refused',
    subline: reason ? `${capital(reason)}.` : 'The server gave no reason.',
  };
}

export function capital(text) {
  return text ? text[0].toUpperCase() + text.slice(1) : '';
}
