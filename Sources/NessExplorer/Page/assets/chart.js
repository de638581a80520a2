// The large chart: heat current against a parameter. It only draws; what is drawn is decided elsewhere.

import { drawTicks, widthOfTicks, writeLabel, domainOf } from './axes.js';
import { Shape, scaleOf, lineThrough } from './svg.js';
import { letterScale } from './palette.js';
import { valueAt } from './curves.js';
import { numberText } from './format.js';
import { drawRuns } from './points.js';

const still = window.matchMedia('(prefers-reduced-motion: reduce)');

export class Chart {
  #margin = {};
  #widest = 0;
  #content;
  #domain;
  #wanted;
  #gliding;

  /** `onMark(x, settled)` is called while the marked value is dragged, `onHover(x or undefined, place)` while the pointer moves. */
  constructor(svg, { onMark, onHover }) {
    this.svg = new Shape(svg);
    this.onMark = onMark;
    this.onHover = onHover;
    this.#build();
    new ResizeObserver(() => { this.#size(); this.#paint(); }).observe(svg.parentElement);
    this.#size();
    this.#listen();
  }

  #build() {
    const definitions = this.svg.append('defs');
    this.gradient = definitions.append('linearGradient').set({ id: 'warmth', gradientUnits: 'userSpaceOnUse' });
    this.clip = definitions.append('clipPath').set({ id: 'frame' }).append('rect');
    const plot = this.svg.append('g');
    this.plot = plot;
    this.xTicks = plot.append('g').set({ class: 'axis x-axis' });
    this.yTicks = plot.append('g').set({ class: 'axis y-axis' });
    this.region = plot.append('g').set({ class: 'falling' });
    this.region.append('rect');
    this.region.append('text');
    this.body = plot.append('g').set({ 'clip-path': 'url(#frame)' });
    this.curveLayer = this.body.append('g');
    this.peak = plot.append('g').set({ class: 'peak' });
    this.peak.append('line');
    this.peak.append('circle').set({ r: 5 });
    this.peak.append('text').set({ 'text-anchor': 'middle' });
    this.runLayer = this.body.append('g').set({ class: 'run-points' });
    this.mark = plot.append('g').set({ class: 'mark' });
    this.mark.append('line');
    this.mark.append('path').set({ class: 'handle', d: 'M-7,10 L0,0 L7,10 Z' });
    this.mark.append('circle').set({ r: 4.5 });
    this.mark.append('text');
    this.cursor = plot.append('line').set({ class: 'cursor', visibility: 'hidden' });
    this.xTitle = this.svg.append('text').set({ class: 'axis-title', 'text-anchor': 'end' });
    this.yTitle = this.svg.append('text').set({ class: 'axis-title', 'text-anchor': 'start' });
    this.barNote = this.svg.append('text').set({ class: 'bar-note', 'text-anchor': 'end' }).write('bars: one standard error');
    this.surface = plot.append('rect').set({ class: 'surface' });
  }

  #size() {
    const box = this.svg.node.parentElement.getBoundingClientRect();
    const margin = scaled({ top: 26, right: 18, bottom: 46, left: 56 });
    this.#margin = { ...margin, left: Math.max(margin.left, roomOf(this.#widest)) };
    this.width = Math.max(240, box.width);
    this.height = Math.max(120, box.height);
    const { top, right, bottom, left } = this.#margin;
    this.inner = { width: this.width - left - right, height: this.height - top - bottom };
    this.svg.set({ viewBox: `0 0 ${this.width} ${this.height}` });
    this.plot.set({ transform: `translate(${left},${top})` });
    // Symbols at the ends of the axis are drawn whole; the handle of the mark can be taken below the axis.
    this.clip.set({ x: -8, width: this.inner.width + 16, height: this.inner.height });
    this.surface.set({ width: this.inner.width, height: this.inner.height + 24 });
    this.xTicks.set({ transform: `translate(0,${this.inner.height})` });
    this.xTitle.set({ x: this.width - right, y: this.height - 9 });
    this.yTitle.set({ x: 4, y: 14 * letterScale() });
    this.barNote.set({ x: this.width - right, y: 14 * letterScale() });
  }

  /** Draws `content`: {axis, yKind, xLabel, yLabel, symbol, curves, answer, runs, mark, equalAt, warm, moving}. */
  draw(content) {
    const before = this.#content;
    this.#content = content;
    const same = before && before.yKind === content.yKind && before.axis.parameter === content.axis.parameter;
    this.#wanted = this.#chosenDomain(same);
    cancelAnimationFrame(this.#gliding);
    if (!same) this.#widest = 0;
    if (!same || still.matches || !this.#domain || isFar(this.#domain, this.#wanted)) {
      this.#domain = this.#wanted;
      this.#paint();
    } else this.#glide();
  }

  /** While a slider moves the scale stays, so that the curve is seen to move; it follows when the curve leaves or shrinks away. */
  #chosenDomain(same) {
    const { curves, runs, yKind, moving } = this.#content;
    const size = yKind === 'log' ? Math.abs : (value) => value;
    const values = [...curves.filter((curve) => !curve.aside), ...runs.filter((run) => !run.faded)]
      .flatMap((curve) => curve.points.map((point) => size(point.y)));
    const next = domainOf(values.length ? values : curves.flatMap((curve) => curve.points.map((point) => size(point.y))), yKind);
    if (!same || !this.#wanted || yKind === 'log') return next;
    const [low, high] = this.#wanted;
    const fill = (next[1] - next[0]) / (high - low);
    const fits = next[0] >= low && next[1] <= high * 1.0001;
    return fits && fill > (moving ? 0.3 : 0.75) ? this.#wanted : next;
  }

  #glide() {
    const from = this.#domain;
    const to = this.#wanted;
    if (from[0] === to[0] && from[1] === to[1]) {
      this.#paint();
      return;
    }
    const between = this.#content.yKind === 'log'
      ? (share) => from.map((value, end) => value * (to[end] / value) ** share)
      : (share) => from.map((value, end) => value + (to[end] - value) * share);
    const since = performance.now();
    const step = () => {
      const share = Math.min(1, (performance.now() - since) / 220);
      this.#domain = share === 1 ? to : between(1 - (1 - share) ** 3);
      this.#paint();
      if (share < 1) this.#gliding = requestAnimationFrame(step);
    };
    this.#gliding = requestAnimationFrame(step);
    this.#paint();
  }

  #paint() {
    if (!this.#content || !this.#domain) return;
    const { axis, yKind, xLabel, yLabel } = this.#content;
    this.y = scaleOf(yKind, this.#domain, [this.inner.height, 0]);
    this.#paintHeights(yKind);
    this.x = scaleOf(axis.scale, [axis.from, axis.to], [0, this.inner.width]);
    this.size = yKind === 'log' ? Math.abs : (value) => value;
    drawTicks(this.xTicks, this.x, axis.scale, { side: 'bottom', count: this.inner.width / (80 * letterScale()), length: this.inner.height });
    writeLabel(this.xTitle, xLabel);
    writeLabel(this.yTitle, yLabel);
    this.#paintWarmth();
    this.#paintCurves();
    this.#paintAnswer();
    drawRuns(this.runLayer, this.#content.runs, this);
    this.barNote.set({ visibility: this.#content.runs.some((run) => run.points.length) ? 'visible' : 'hidden' });
    this.#paintMark();
  }

  /** The vertical axis, with room for the widest of its numbers so far: a plot that follows every number would not stand still. */
  #paintHeights(yKind) {
    const draw = () => drawTicks(this.yTicks, this.y, yKind, { side: 'left', count: this.inner.height / (60 * letterScale()), length: this.inner.width });
    draw();
    const widest = Math.max(this.#widest, widthOfTicks(this.yTicks));
    if (widest === this.#widest) return;
    this.#widest = widest;
    this.#size();
    draw();
  }

  /** Along a temperature the exact curve goes from cold to hot, and is neutral where both baths are equally hot. */
  #paintWarmth() {
    const { equalAt, warm, axis } = this.#content;
    const middle = equalAt > axis.from && equalAt < axis.to ? this.x(equalAt) / this.inner.width : equalAt >= axis.to ? 1 : 0;
    const stops = warm ? [[0, 'var(--cold)'], [middle, 'var(--neutral)'], [1, 'var(--hot)']] : [[0, 'var(--ink)'], [1, 'var(--ink)']];
    if (warm && middle === 0) stops.splice(0, 1);
    if (warm && middle === 1) stops.splice(2, 1);
    this.gradient.set({ x1: 0, x2: this.inner.width, y1: 0, y2: 0 });
    this.gradient.join('stop', stops, (_, index) => index, (stop, [offset, colour]) => {
      stop.set({ offset });
      stop.node.style.stopColor = colour;
    });
  }

  #paintCurves() {
    const exactLast = [...this.#content.curves].sort((one, other) => (one.style === 'exact') - (other.style === 'exact'));
    this.curveLayer.join('path', exactLast, (curve) => curve.name, (path, curve) => path.set({
      class: `curve-line ${curve.style}`, 'data-method': curve.name, stroke: curve.style === 'exact' ? 'url(#warmth)' : null,
      d: lineThrough(curve.points.map((point) => [this.x(point.x), this.y(this.size(point.y))])),
    }));
  }

  #paintAnswer() {
    const { answer, axis, curves } = this.#content;
    const inside = (x) => Math.max(0, Math.min(this.inner.width, this.x(Math.max(axis.from, Math.min(axis.to, x)))));
    const falling = answer?.falling?.every(Number.isFinite) && answer.falling;
    this.region.set({ visibility: falling ? 'visible' : 'hidden' });
    if (falling) {
      const [left, right] = falling.map(inside);
      this.region.select('rect').set({ x: left, width: Math.max(0, right - left), height: this.inner.height });
      const text = answer.falling[1] === axis.to ? 'hotter means less heat' : 'colder means less heat';
      this.region.select('text').set({ x: (left + right) / 2, y: this.inner.height - 12, 'text-anchor': 'middle' })
        .write(right - left > 150 ? text : '');
    }
    const exact = curves.find((curve) => curve.style === 'exact') ?? curves[0];
    const height = answer?.peak && exact ? this.y(this.size(valueAt(exact.points, answer.peak.x))) : NaN;
    const shown = Number.isFinite(height) && answer.peak.x >= axis.from && answer.peak.x <= axis.to;
    this.peak.set({ visibility: shown ? 'visible' : 'hidden' });
    if (!shown) return;
    const x = this.x(answer.peak.x);
    this.peak.select('circle').set({ cx: x, cy: height });
    this.peak.select('line').set({ x1: x, x2: x, y1: height, y2: this.inner.height });
    const words = `most heat at ${answer.peak.text}`;
    const half = 3.6 * letterScale() * words.length;
    const place = Math.max(half, Math.min(this.inner.width - half, x));
    writeLabel(this.peak.select('text').set({ x: place, y: Math.max(12, height - 14) }), words);
  }

  #paintMark() {
    const { mark, axis, curves } = this.#content;
    const shown = mark >= axis.from && mark <= axis.to;
    this.mark.set({ visibility: shown ? 'visible' : 'hidden' });
    if (!shown) return;
    const x = this.x(mark);
    const exact = curves.find((curve) => curve.style === 'exact') ?? curves[0];
    const value = exact ? valueAt(exact.points, mark) : NaN;
    const y = this.y(this.size(value));
    this.mark.set({ transform: `translate(${x},0)` });
    this.mark.select('line').set({ y1: 0, y2: this.inner.height });
    this.mark.select('.handle').set({ transform: `translate(0,${this.inner.height})` });
    this.mark.select('circle').set({ cy: y, visibility: Number.isFinite(y) ? null : 'hidden' });
    const low = y > this.inner.height - 60;
    const right = x < this.inner.width - 110 && !(low && x > 110);
    const beside = exact ? this.y(this.size(valueAt(exact.points, this.x.invert(x + (right ? 30 : -30))))) : NaN;
    const peak = this.#content.answer?.peak;
    const below = beside < y || (peak && Math.abs(this.x(peak.x) - x) < 200);
    const label = this.mark.select('text').set({ x: right ? 10 : -10, 'text-anchor': right ? 'start' : 'end' })
      .set({ y: Math.min(this.inner.height - 30, Math.max(26, (Number.isFinite(y) ? y : 40) + (below && !low ? 24 : -12))) });
    writeLabel(label, Number.isFinite(value) ? `{${this.#content.symbol}} = ${numberText(value, 3)}` : '');
  }

  #listen() {
    const surface = this.surface.node;
    const valueAtPointer = (event) => {
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(surface.getScreenCTM().inverse()).x;
      return this.x?.invert(Math.max(0, Math.min(this.inner.width, place)));
    };
    let dragging = false;
    surface.addEventListener('pointerdown', (event) => {
      dragging = true;
      surface.setPointerCapture(event.pointerId);
      this.onMark(valueAtPointer(event));
      this.#hover(event, valueAtPointer(event));
    });
    surface.addEventListener('pointermove', (event) => {
      const value = valueAtPointer(event);
      if (dragging) this.onMark(value);
      this.#hover(event, value);
    });
    const end = () => { dragging = false; };
    surface.addEventListener('pointerup', end);
    surface.addEventListener('pointercancel', end);
    surface.addEventListener('pointerleave', () => { if (!dragging) this.#hover(); });
  }

  #hover(event, value) {
    const shown = event && Number.isFinite(value) && this.#content;
    const x = shown ? this.x(value) : 0;
    this.cursor.set({ visibility: shown ? 'visible' : 'hidden', x1: x, x2: x, y1: 0, y2: this.inner?.height ?? 0 });
    this.onHover(shown ? value : undefined, shown ? { left: x + this.#margin.left, width: this.width } : undefined);
  }
}

/** Whether two domains have nothing in common: a curve in the other one lies where no browser draws. */
function isFar(one, other) {
  const [span, next] = [one, other].map(([low, high]) => high - low);
  return Math.max(span / next, next / span) > 1e9;
}

/** The margin at the left of numbers of that width. */
export function roomOf(width) {
  return width + 12;
}

/** Margins hold letters, so they grow with them. */
export function scaled(margin) {
  return Object.fromEntries(Object.entries(margin).map(([side, width]) => [side, width * letterScale()]));
}
