// The small chart: what is behind the curve. The device of the file, friction of the particles, temperatures along the medium, levels, collisions.

import { drawTicks, widthOfTicks, writeLabel, domainOf } from './axes.js';
import { Shape, scaleOf, lineThrough } from './svg.js';
import { roomOf, scaled } from './chart.js';
import { letterScale } from './palette.js';
import { curvesOf, quantitiesOf, refusalsOf, rowsOf, bestProfile, bestMethod, valueAt } from './curves.js';
import { bathNames, currentsOf, fieldOf, hasTheoryOf, isTemperature, modelOf, pictureOf } from './models.js';
import { element, numberText, sentence } from './format.js';
import { deviceDrawing } from './device.js';

/** The tabs: when they apply, what they ask of every curve, or of it when they are open, and what they draw. */
const tabs = [
  { name: 'device', title: 'Device', quantities: [], fits: ({ state, device }) => state.device && (!device || device.points?.length > 0), content: judged },
  { name: 'friction', title: 'Friction', quantities: ['effectiveFriction', 'effectiveStiffness'], fits: along('effectiveFriction'), content: friction },
  { name: 'collisions', title: 'Collisions', quantities: ['collisionRate'], fits: along('collisionRate'), content: collisions },
  { name: 'populations', title: 'Populations', quantities: [], fits: ({ point }) => has(point, 'population'), content: populations },
  { name: 'relaxation', title: 'Relaxation', quantities: ['relaxationRate'], fits: along('relaxationRate'), content: relaxation },
  {
    name: 'profile', title: 'Temperatures', quantities: [], content: profile,
    fits: ({ point, frame }) => has(point, 'kineticTemperature') || Array.isArray(frame?.temperature),
  },
  { name: 'noise', title: 'Noise', quantities: [], whenOpen: ['heatNoise'], fits: between('heatNoise'), content: noise },
  { name: 'causes', title: 'Causes', quantities: [], whenOpen: ['causes'], fits: between('causes'), content: causes },
];

/** Whether a theory has the quantity of the current between two baths. */
function between(quantity) {
  return ({ state }) => hasTheoryOf(state.values, quantity) && currentsOf(state.values, state.axis.parameter)[0] === 'heatCurrent';
}

/** Whether a curve has the quantity. */
function along(quantity) {
  return ({ curve }) => quantitiesOf(curve, quantity).length > 0;
}

function has(point, quantity) {
  return quantitiesOf({ points: point ? [point] : [] }, quantity).length > 0;
}

/** The quantities that curves must carry for the small chart: a tab is there if they have them. */
export const wantedQuantities = tabs.flatMap((tab) => tab.quantities);

/** What they must carry besides while a tab is open. */
export function quantitiesWhenOpen({ values, axis, view }) {
  const tab = tabs.find((each) => each.name === view.tab);
  return tab?.whenOpen && tab.fits({ state: { values, axis } }) ? tab.whenOpen : [];
}

export class Detail {
  constructor(tabList, svg, caption, onTab) {
    this.tabList = tabList;
    this.svg = new Shape(svg);
    this.caption = caption;
    this.onTab = onTab;
    const plot = this.svg.append('g');
    this.plot = plot;
    this.xTicks = plot.append('g').set({ class: 'axis x-axis' });
    this.yTicks = plot.append('g').set({ class: 'axis y-axis' });
    this.bars = plot.append('g');
    this.lines = plot.append('g');
    this.markLine = plot.append('line').set({ class: 'mark-line' });
    this.xTitle = this.svg.append('text').set({ class: 'axis-title', 'text-anchor': 'end' });
    this.yTitle = this.svg.append('text').set({ class: 'axis-title', 'text-anchor': 'start' });
    new ResizeObserver(() => { if (this.last) this.draw(this.last); }).observe(svg.parentElement);
  }

  /** Draws the chosen tab of `{state, curve, point, device, frame}`: the documents of the curve and of the marked point, and what is known of
   * the device. */
  draw(content) {
    this.last = content;
    const { state } = content;
    const fitting = this.#fitting(content);
    const chosen = fitting.find((tab) => tab.name === state.view.tab) ?? fitting[0];
    this.#showTabs(fitting, chosen);
    if (!chosen) return;
    const drawing = chosen.content(content);
    this.caption.replaceChildren(...sentence(drawing.caption));
    this.#paint(drawing, state);
  }

  /** The tabs that apply. What has been there stays until it is known anew: answers of curve and point come one by one. */
  #fitting(content) {
    const kinds = modelOf(content.state.values, content.state.preset);
    const known = this.#kinds === kinds ? this.#shownTabs : [];
    this.#kinds = kinds;
    const isWhole = content.curve && content.point;
    this.#shownTabs = tabs.filter((tab) => tab.fits(content) || (!isWhole && known.includes(tab)));
    return this.#shownTabs;
  }

  #kinds; #shownTabs = [];

  #showTabs(fitting, chosen) {
    const key = fitting.map((tab) => tab.name).join();
    if (this.tabList.dataset.key !== key) {
      this.tabList.dataset.key = key;
      this.tabList.replaceChildren(...fitting.map((tab) => element('button', {
        type: 'button', role: 'tab', id: `tab-${tab.name}`, 'data-tab': tab.name, 'aria-controls': 'detail-panel', text: tab.title,
        onclick: () => this.onTab(tab.name), onkeydown: (event) => this.#moveTab(event, fitting, tab),
      })));
    }
    for (const button of this.tabList.children) {
      const selected = button.dataset.tab === chosen?.name;
      button.setAttribute('aria-selected', String(selected));
      button.tabIndex = selected ? 0 : -1;
    }
  }

  #moveTab(event, fitting, tab) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = fitting[(fitting.indexOf(tab) + step + fitting.length) % fitting.length];
    this.onTab(next.name);
    this.tabList.querySelector(`[data-tab="${next.name}"]`)?.focus();
  }

  #paint({ series, bars, xKind, yKind, xDomain, xLabel, yLabel, mark }, state) {
    const box = this.svg.node.getBoundingClientRect();
    const { top, right, bottom, left: least } = scaled({ top: 20, right: 12, bottom: 38, left: 46 });
    const height = Math.max(60, box.height - top - bottom);
    const all = [...series.flatMap((each) => each.points), ...(bars ?? [])];
    const y = scaleOf(yKind, this.#yDomain(all, yKind, Boolean(bars), series), [height, 0]);
    const drawHeights = (length) => drawTicks(this.yTicks, y, yKind, { side: 'left', count: height / (34 * letterScale()), length });
    drawHeights(0);
    const left = Math.max(least, roomOf(widthOfTicks(this.yTicks)));
    const width = Math.max(120, box.width - left - right);
    drawHeights(width);
    this.plot.set({ transform: `translate(${left},${top})` });
    this.svg.set({ viewBox: `0 0 ${width + left + right} ${height + top + bottom}` });
    const x = scaleOf(xKind, xDomain, [0, width]);
    drawTicks(this.xTicks.set({ transform: `translate(0,${height})` }), x, xKind, { side: 'bottom', count: width / (60 * letterScale()), length: height });
    writeLabel(this.xTitle.set({ x: left + width, y: top + height + bottom - 8 }), xLabel);
    writeLabel(this.yTitle.set({ x: 4, y: 11 * letterScale() }), yLabel);
    this.#paintBars(bars ?? [], x, y, height);
    this.#paintSeries(series, x, y);
    const shown = mark >= xDomain[0] && mark <= xDomain[1];
    this.markLine.set({ visibility: shown ? 'visible' : 'hidden' });
    if (shown) this.markLine.set({ x1: x(mark), x2: x(mark), y1: 0, y2: height });
    this.svg.set({ 'aria-label': `${state.view.tab || 'detail'}: ${this.caption.textContent}` });
  }

  #yDomain(points, kind, fromZero, series) {
    const values = points.map((point) => point.y);
    if (kind === 'log' || fromZero || series.some((each) => each.fromZero)) return domainOf(values, kind);
    const finite = values.filter(Number.isFinite);
    if (!finite.length) return [0, 1];
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const pad = (high - low || Math.abs(high) || 1) * 0.12;
    return [low - pad, high + pad];
  }

  #paintSeries(series, x, y) {
    this.lines.join('path', series, (each) => each.name, (path, each) => path.set({
      class: `series ${each.style}${each.dots ? ' dots' : ''}`,
      d: each.dots ? dots(each.points, x, y) : lineThrough(each.points.map((point) => [x(point.x), y(point.y)])),
    }));
  }

  #paintBars(bars, x, y, height) {
    const step = bars.length > 1 ? Math.abs(x(bars[1].x) - x(bars[0].x)) : 30;
    const wide = Math.max(1, Math.min(26, step * 0.62));
    this.bars.join('rect', bars, (bar) => bar.x, (rect, bar) => rect.set({
      class: 'level', x: x(bar.x) - wide / 2, width: wide, y: y(bar.y), height: Math.max(0, height - y(bar.y)),
    }));
  }
}

function dots(points, x, y) {
  return points.filter((point) => Number.isFinite(x(point.x)) && Number.isFinite(y(point.y)))
    .map((point) => `M${x(point.x) - 3},${y(point.y)}a3,3 0 1,0 6,0a3,3 0 1,0 -6,0`).join('');
}

function alongAxis({ state }) {
  const { axis } = state;
  const field = fieldOf(state.values, axis.parameter);
  return { xKind: axis.scale, xDomain: [axis.from, axis.to], xLabel: `{${field?.symbol ?? ''}}`, mark: state.values[axis.parameter] };
}

function judged(content) {
  return { ...alongAxis(content), ...deviceDrawing(content) };
}

function friction(content) {
  const { state, curve } = content;
  const { parameter } = state.axis;
  const names = quantitiesOf(curve, 'effectiveFriction');
  const series = names.flatMap((name) => [bestMethod(curvesOf(curve, parameter, name))].filter(Boolean)
    .map((each) => ({ name, style: name.endsWith('.right') ? 'second' : 'first', points: each.points })));
  const at = valueAt(series[0]?.points ?? [], state.values[parameter]);
  const now = Number.isFinite(at) ? ` Here it is ${numberText(at, 3)}.` : '';
  return {
    ...alongAxis(content), yKind: 'log', yLabel: '{γ_eff}  mass/time', series,
    caption: `How hard the particles rub on the chain: as {T} grows, it falls as 1/{T}². A hot bath lets go of the chain.${now}${names.length > 1 ? ' Dashed: the right bath.' : ''}`,
  };
}

function collisions(content) {
  const { state, curve } = content;
  const found = bestMethod(curvesOf(curve, state.axis.parameter, 'collisionRate.right'));
  return {
    ...alongAxis(content), yKind: 'linear', yLabel: 'collisions/time', series: found ? [{ name: 'rate', style: 'first', points: found.points, fromZero: true }] : [],
    caption: 'How often the particle meets each wall. From a cold wall it comes back slowly: fewer trips, less heat.',
  };
}

function relaxation(content) {
  const { state, curve } = content;
  const found = bestMethod(curvesOf(curve, state.axis.parameter, 'relaxationRate'));
  return {
    ...alongAxis(content), yKind: 'linear', yLabel: '1/time', series: found ? [{ name: 'rate', style: 'first', points: found.points, fromZero: true }] : [],
    caption: 'The slowest rate at which the steady state is reached.',
  };
}

/** Why a quantity is not drawn: it is on its way, or theory refuses it. */
function missing({ state, curve }, quantity) {
  const refusal = refusalsOf(curve, state.axis.parameter, [quantity])[0];
  return refusal ? `Not drawn: ${refusal.reason}.` : 'On its way …';
}

function noise(content) {
  const { state, curve } = content;
  const { parameter } = state.axis;
  const best = bestMethod(curvesOf(curve, parameter, 'heatNoise'));
  // A box has it at equal temperatures alone, which is no curve.
  const found = best?.points.filter((point) => Number.isFinite(point.y)).length > 1 ? best : undefined;
  const current = bestMethod(curvesOf(curve, parameter, 'heatCurrent'));
  const [mean, rate] = [current, found].map((each) => valueAt(each?.points ?? [], state.values[parameter]));
  const time = rate / (mean * mean);
  const now = Number.isFinite(time) ? ` Here, both are equal after a time of ${numberText(time, 3)}.` : '';
  return {
    ...alongAxis(content), yKind: 'linear', yLabel: '{D}  energy²/time',
    series: found ? [{ name: 'noise', style: 'first', points: found.points, fromZero: true }] : [],
    caption: found
      ? `How fast the variance of the heat grows: in a time {t} the heat is {J} {t}, and one run in three is off by more than √({D} {t}).${now}`
      : missing(content, 'heatNoise'),
  };
}

/** How each cause is drawn and told. */
const causeStyles = {
  total: ['first', 'all'], bias: ['second', 'more difference drives more (dashed)'], friction: ['third', 'the bath changes its grip (dotted)'],
  stiffness: ['fourth', 'its site stiffens or softens (dash-dotted)'], memory: ['fourth', 'the bath remembers differently (dash-dotted)'],
};

function causes(content) {
  const { state, curve } = content;
  const { parameter } = state.axis;
  const bath = isTemperature(parameter) ? parameter.split('.')[1] : bathNames(state.values)[0];
  const largest = (row) => Math.max(0, ...row.points.map((point) => Math.abs(point.y)).filter(Number.isFinite));
  const rows = rowsOf(curve, parameter, 'causes', bath);
  const most = Math.max(0, ...rows.map(largest));
  // What nobody could see is not told either.
  const shown = rows.filter((row) => largest(row) > 2e-3 * most);
  const parts = shown.filter((row) => row.name !== 'total').map((row) => causeStyles[row.name]?.[1] ?? row.name);
  return {
    ...alongAxis(content), yKind: 'linear', yLabel: `{dJ/dT_${bath}}  1/time`,
    series: shown.map((row) => ({ name: row.name, style: causeStyles[row.name]?.[0] ?? 'second', points: row.points, fromZero: true })),
    caption: shown.length
      ? `Why the current changes with the temperature of the ${bath} bath (solid): ${parts.join(', ')}.`
      : missing(content, 'causes'),
  };
}

function populations({ state, point }) {
  const isGas = state.values['medium.particles'] > 1;
  const steady = bestProfile(point, 'population');
  const many = steady.filter((level) => level.y > 2e-3);
  const bars = steady.slice(0, Math.max(6, many.length + 1));
  const high = Math.max(1.5, bars.length + 0.5);
  const gibbs = (point?.levels ?? []).map(({ name, equilibrium }) => ({
    name, style: name === 'left' ? 'first' : 'second', dots: bars.length < 40,
    points: equilibrium.slice(0, bars.length).map((y, index) => ({ x: index + 1, y })),
  }));
  return {
    series: gibbs.map((each) => ({ ...each, fromZero: true })), bars, xKind: 'linear', xDomain: [0.5, high], yKind: 'linear',
    xLabel: 'level {n}', yLabel: isGas ? 'particles' : 'population',
    caption: isGas ? 'Mean number of particles on each level.' : gibbs.length
      ? 'How likely each level is (bars), between what either bath alone would make of it (left and right, as marks).'
      : 'How likely each level is, ascending in energy.',
  };
}

function profile({ state, point, frame }) {
  const isAlongWay = pictureOf(state.values) === 'flights';
  const exact = bestProfile(point, 'kineticTemperature');
  const live = Array.isArray(frame?.temperature) ? frame.temperature.map((y, index) => ({ x: index + 1, y })) : [];
  const count = Math.max(exact.length, live.length, 2);
  const series = [{ name: 'theory', style: 'first', points: exact }, { name: 'live', style: 'recent', dots: true, points: live }];
  return {
    series: series.map((each) => ({ ...each, fromZero: true })), xKind: 'linear', xDomain: [0.5, count + 0.5], yKind: 'linear',
    xLabel: isAlongWay ? 'place in the box, of 20' : 'site {j}', yLabel: '{T_kin}  energy',
    caption: isAlongWay
      ? 'Kinetic temperature along the box: the same everywhere, for the fast and the slow particle both cross it all.'
      : 'Kinetic temperature of each site: theory as a line, the picture’s recent mean as dots.',
  };
}
