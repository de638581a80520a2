// Scales, ticks and titles that the large and the small chart share.

import { numberText } from './format.js';

/** Ticks that can be told apart: on a log scale 1, 2, 5 of each decade, or whole decades if there are many. */
export function ticksOf(scale, kind, count) {
  if (kind !== 'log') return scale.ticks(count);
  const [low, high] = scale.domain;
  if (!(low > 0) || !Number.isFinite(high)) return [];
  const decades = Math.log10(high / low);
  const steps = decades > count / 1.5 ? [1] : decades > count / 3 ? [1, 3] : decades > 0.7 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7];
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const step of steps) {
      const tick = Number((step * 10 ** power).toPrecision(3));
      if (tick >= low * 0.9999 && tick <= high * 1.0001) ticks.push(tick);
    }
  }
  return ticks.length > 1 ? ticks : scale.ticks(count);
}

/** Draws grid lines and numbers of one axis into `group`. `side` is 'bottom' or 'left'. */
export function drawTicks(group, scale, kind, { side, count, length }) {
  const ticks = ticksOf(scale, kind, count);
  const bottom = side === 'bottom';
  group.join('g', ticks, (tick) => tick, (item, tick) => {
    item.set({ transform: bottom ? `translate(${scale(tick)},0)` : `translate(0,${scale(tick)})` });
    item.select('line').set({ [bottom ? 'y2' : 'x2']: bottom ? -length : length }).mark('zero', tick === 0);
    item.select('text').write(numberText(tick, 4));
  }, (item) => {
    item.set({ class: 'tick' }).append('line');
    item.append('text').set({
      'text-anchor': bottom ? 'middle' : 'end', dy: bottom ? '1.25em' : '0.32em', x: bottom ? 0 : -8,
    });
  });
}

/** How wide the numbers of an axis at the left are. */
export function widthOfTicks(group) {
  return Math.max(0, ...[...group.node.querySelectorAll('text')].map((text) => text.getComputedTextLength()));
}

/** Writes `parts` into a text element; `{T_left}` becomes a symbol with its index. */
export function writeLabel(text, label) {
  const parts = label.split(/(\{[^}]+\})/).filter(Boolean);
  const spans = parts.flatMap((part) => {
    if (!part.startsWith('{')) return [{ text: part }];
    const [letter, index] = part.slice(1, -1).split('_');
    return index ? [{ text: letter, kind: 'letter' }, { text: index, kind: 'index' }] : [{ text: letter, kind: 'letter' }];
  });
  let lowered = false;
  text.join('tspan', spans, (_, index) => index, (span, { text: words, kind }) => {
    span.set({ class: kind ?? null, dy: kind === 'index' ? '0.3em' : lowered ? '-0.22em' : null }).write(words);
    lowered = kind === 'index';
  });
}

/** A domain of the values with head room; on a linear scale it holds zero. */
export function domainOf(values, kind) {
  const finite = values.filter((value) => Number.isFinite(value) && (kind !== 'log' || value > 0));
  if (finite.length === 0) return kind === 'log' ? [0.1, 1] : [0, 1];
  if (kind === 'log') {
    const high = Math.max(...finite);
    const low = Math.max(Math.min(...finite), high * 1e-5);
    return [low / 1.4, high * 2];
  }
  const high = Math.max(0, ...finite);
  const low = Math.min(0, ...finite);
  const span = high - low || 1;
  return [low === 0 ? 0 : low - 0.06 * span, high === 0 ? 0.06 * span : high + 0.16 * span];
}
