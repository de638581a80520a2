// The large chart: heat current against a parameter. It only draws; what is drawn is decided elsewhere.

import { scaleOf, drawTicks, writeLabel, domainOf } from './axes.js';
import { valueAt } from './curves.js';
import { numberText } from './format.js';
import { drawRuns } from './points.js';

const d3 = window.d3;
const still = window.matchMedia('(prefers-reduced-motion: reduce)');

export class Chart {
  #margin = { top: 26, right: 18, bottom: 46, left: 56 };
  #content;
  #domain;
  #wanted;
  #timer;

  /** `onMark(x, settled)` is called while the marked value is dragged, `onHover(x or undefined, place)` while the pointer moves. */
  constructor(svg, { onMark, onHover }) {
    this.svg = d3.select(svg);
    this.onMark = onMark;
    this.onHover = onHover;
    this.#build();
    new ResizeObserver(() => { this.#size(); this.#paint(); }).observe(svg.parentElement);
    this.#size();
    this.#listen();
  }

  #build() {
    const definitions = this.svg.append('defs');
    this.gradient = definitions.append('linearGradient').attr('id', 'warmth').attr('gradientUnits', 'userSpaceOnUse');
    this.clip = definitions.append('clipPath').attr('id', 'frame').append('rect');
    const plot = this.svg.append('g');
    this.plot = plot;
    this.xTicks = plot.append('g').attr('class', 'axis x-axis');
    this.yTicks = plot.append('g').attr('class', 'axis y-axis');
    this.region = plot.append('g').attr('class', 'falling');
    this.region.append('rect');
    this.region.append('text');
    this.body = plot.append('g').attr('clip-path', 'url(#frame)');
    this.curveLayer = this.body.append('g');
    this.peak = plot.append('g').attr('class', 'peak');
    this.peak.append('line');
    this.peak.append('circle').attr('r', 5);
    this.peak.append('text').attr('text-anchor', 'middle');
    this.runLayer = this.body.append('g').attr('class', 'run-points');
    this.mark = plot.append('g').attr('class', 'mark');
    this.mark.append('line');
    this.mark.append('path').attr('class', 'handle').attr('d', 'M-7,10 L0,0 L7,10 Z');
    this.mark.append('circle').attr('r', 4.5);
    this.mark.append('text');
    this.cursor = plot.append('line').attr('class', 'cursor').attr('visibility', 'hidden');
    this.xTitle = this.svg.append('text').attr('class', 'axis-title').attr('text-anchor', 'end');
    this.yTitle = this.svg.append('text').attr('class', 'axis-title').attr('text-anchor', 'start');
    this.surface = plot.append('rect').attr('class', 'surface');
  }

  #size() {
    const box = this.svg.node().parentElement.getBoundingClientRect();
    this.width = Math.max(240, box.width);
    this.height = Math.max(180, box.height);
    const { top, right, bottom, left } = this.#margin;
    this.inner = { width: this.width - left - right, height: this.height - top - bottom };
    this.svg.attr('viewBox', `0 0 ${this.width} ${this.height}`);
    this.plot.attr('transform', `translate(${left},${top})`);
    for (const rectangle of [this.clip, this.surface]) rectangle.attr('width', this.inner.width).attr('height', this.inner.height);
    this.surface.attr('height', this.inner.height + 24);
    this.xTicks.attr('transform', `translate(0,${this.inner.height})`);
    this.xTitle.attr('x', this.width - right).attr('y', this.height - 9);
    this.yTitle.attr('x', 4).attr('y', 14);
  }

  /** Draws `content`: {axis, yKind, xLabel, yLabel, curves, answer, runs, mark, equalAt, warm, moving}. */
  draw(content) {
    const before = this.#content;
    this.#content = content;
    const same = before && before.yKind === content.yKind && before.axis.parameter === content.axis.parameter;
    this.#wanted = this.#chosenDomain(same);
    this.#timer?.stop();
    if (!same || still.matches || !this.#domain) {
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
    this.#timer = d3.timer((elapsed) => {
      const share = Math.min(1, elapsed / 220);
      this.#domain = share === 1 ? to : between(d3.easeCubicOut(share));
      this.#paint();
      if (share === 1) this.#timer.stop();
    });
    this.#paint();
  }

  #paint() {
    if (!this.#content || !this.#domain) return;
    const { axis, yKind, xLabel, yLabel } = this.#content;
    this.x = scaleOf(axis.scale, [axis.from, axis.to], [0, this.inner.width]);
    this.y = scaleOf(yKind, this.#domain, [this.inner.height, 0]);
    this.size = yKind === 'log' ? Math.abs : (value) => value;
    drawTicks(this.xTicks, this.x, axis.scale, { side: 'bottom', count: this.inner.width / 80, length: this.inner.height });
    drawTicks(this.yTicks, this.y, yKind, { side: 'left', count: this.inner.height / 60, length: this.inner.width });
    writeLabel(this.xTitle, xLabel);
    writeLabel(this.yTitle, yLabel);
    this.#paintWarmth();
    this.#paintCurves();
    this.#paintAnswer();
    drawRuns(this.runLayer, this.#content.runs, this);
    this.#paintMark();
  }

  /** Along a temperature the exact curve goes from cold to hot, and is neutral where both baths are equally hot. */
  #paintWarmth() {
    const { equalAt, warm, axis } = this.#content;
    const middle = equalAt > axis.from && equalAt < axis.to ? this.x(equalAt) / this.inner.width : equalAt >= axis.to ? 1 : 0;
    const stops = warm ? [[0, 'var(--cold)'], [middle, 'var(--neutral)'], [1, 'var(--hot)']] : [[0, 'var(--ink)'], [1, 'var(--ink)']];
    if (warm && middle === 0) stops.splice(0, 1);
    if (warm && middle === 1) stops.splice(2, 1);
    this.gradient.attr('x1', 0).attr('x2', this.inner.width).attr('y1', 0).attr('y2', 0);
    const marks = this.gradient.selectAll('stop').data(stops);
    marks.exit().remove();
    marks.enter().append('stop').merge(marks).attr('offset', (stop) => stop[0]).style('stop-color', (stop) => stop[1]);
  }

  #paintCurves() {
    const line = d3.line().x((point) => this.x(point.x)).y((point) => this.y(this.size(point.y)))
      .defined((point) => Number.isFinite(this.x(point.x)) && Number.isFinite(this.y(this.size(point.y))));
    const paths = this.curveLayer.selectAll('path').data(this.#content.curves, (curve) => curve.name);
    paths.exit().remove();
    paths.enter().append('path').merge(paths)
      .attr('class', (curve) => `curve-line ${curve.style}`)
      .attr('data-method', (curve) => curve.name)
      .attr('stroke', (curve) => (curve.style === 'exact' ? 'url(#warmth)' : null))
      .attr('d', (curve) => line(curve.points))
      .sort((one, other) => (one.style === 'exact') - (other.style === 'exact'));
  }

  #paintAnswer() {
    const { answer, axis, curves } = this.#content;
    const inside = (x) => Math.max(0, Math.min(this.inner.width, this.x(Math.max(axis.from, Math.min(axis.to, x)))));
    const falling = answer?.falling?.every(Number.isFinite) && answer.falling;
    this.region.attr('visibility', falling ? 'visible' : 'hidden');
    if (falling) {
      const [left, right] = falling.map(inside);
      this.region.select('rect').attr('x', left).attr('width', Math.max(0, right - left)).attr('height', this.inner.height);
      const text = answer.falling[1] === axis.to ? 'hotter means less heat' : 'colder means less heat';
      this.region.select('text').attr('x', (left + right) / 2).attr('y', this.inner.height - 12).attr('text-anchor', 'middle')
        .text(right - left > 150 ? text : '');
    }
    const exact = curves.find((curve) => curve.style === 'exact') ?? curves[0];
    const height = answer?.peak && exact ? this.y(this.size(valueAt(exact.points, answer.peak.x))) : NaN;
    const shown = Number.isFinite(height) && answer.peak.x >= axis.from && answer.peak.x <= axis.to;
    this.peak.attr('visibility', shown ? 'visible' : 'hidden');
    if (!shown) return;
    const x = this.x(answer.peak.x);
    this.peak.select('circle').attr('cx', x).attr('cy', height);
    this.peak.select('line').attr('x1', x).attr('x2', x).attr('y1', height).attr('y2', this.inner.height);
    const place = Math.max(86, Math.min(this.inner.width - 86, x));
    writeLabel(this.peak.select('text').attr('x', place).attr('y', Math.max(12, height - 14)), `most heat at ${answer.peak.text}`);
  }

  #paintMark() {
    const { mark, axis, curves } = this.#content;
    const shown = mark >= axis.from && mark <= axis.to;
    this.mark.attr('visibility', shown ? 'visible' : 'hidden');
    if (!shown) return;
    const x = this.x(mark);
    const exact = curves.find((curve) => curve.style === 'exact') ?? curves[0];
    const value = exact ? valueAt(exact.points, mark) : NaN;
    const y = this.y(this.size(value));
    this.mark.attr('transform', `translate(${x},0)`);
    this.mark.select('line').attr('y1', 0).attr('y2', this.inner.height);
    this.mark.select('.handle').attr('transform', `translate(0,${this.inner.height})`);
    this.mark.select('circle').attr('cy', y).attr('visibility', Number.isFinite(y) ? null : 'hidden');
    const low = y > this.inner.height - 60;
    const right = x < this.inner.width - 110 && !(low && x > 110);
    const beside = exact ? this.y(this.size(valueAt(exact.points, this.x.invert(x + (right ? 30 : -30))))) : NaN;
    const below = beside < y;
    const label = this.mark.select('text').attr('x', right ? 10 : -10).attr('text-anchor', right ? 'start' : 'end')
      .attr('y', Math.min(this.inner.height - 30, Math.max(26, (Number.isFinite(y) ? y : 40) + (below && !low ? 24 : -12))));
    writeLabel(label, Number.isFinite(value) ? `{J} = ${numberText(value, 3)}` : '');
  }

  #listen() {
    const surface = this.surface.node();
    const valueAtPointer = (event) => {
      const [place] = d3.clientPoint(surface, event);
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
    this.cursor.attr('visibility', shown ? 'visible' : 'hidden')
      .attr('x1', x).attr('x2', x).attr('y1', 0).attr('y2', this.inner?.height ?? 0);
    this.onHover(shown ? value : undefined, shown ? { left: x + this.#margin.left, width: this.width } : undefined);
  }
}
