// Simulated points with bars of one standard error, each run with a symbol of its own.

import { symbolOutline } from './svg.js';

/** The outline of the symbol of run number `index`. */
export function symbolPath(index, size = 54) {
  return symbolOutline(index, size);
}

/** Draws `runs`: `[{id, index, faded, points: [{x, y, error, state}]}]` with the scales of `chart`. */
export function drawRuns(layer, runs, chart) {
  layer.join('g', runs, (run) => run.id, (group, run) => {
    group.set({ class: 'run', 'data-run': run.id }).mark('faded', run.faded);
    const finite = run.points.filter((point) => Number.isFinite(chart.x(point.x)) && place(chart, point.y) !== undefined);
    group.join('g', finite, (_, index) => index, (item, point) => {
      item.set({ transform: `translate(${chart.x(point.x)},0)`, 'data-half': point.error })
        .mark('running', point.state !== 'finished');
      item.select('.bar').set({ d: bar(chart, point) });
      item.select('.symbol').set({ d: symbolPath(run.index), transform: `translate(0,${place(chart, point.y)})` });
    }, (item) => {
      item.set({ class: 'point' }).append('path').set({ class: 'bar' });
      item.append('path').set({ class: 'symbol' });
    });
  });
}

function place(chart, y) {
  const height = chart.y(chart.size(y));
  return Number.isFinite(height) ? height : undefined;
}

/** The bar from y − error to y + error; on a log scale one that reaches zero goes to the lower edge. */
function bar(chart, { y, error }) {
  const middle = chart.size(y);
  const top = chart.y(middle + error);
  const low = chart.y(middle - error);
  const bottom = Number.isFinite(low) ? low : chart.inner.height;
  return `M-5,${top}H5M0,${top}V${bottom}M-5,${bottom}H5`;
}
