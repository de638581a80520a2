// Simulated points with their 95 % bars, each run with a symbol of its own.

const d3 = window.d3;
const symbols = [d3.symbolCircle, d3.symbolSquare, d3.symbolTriangle, d3.symbolDiamond, d3.symbolStar];

/** The outline of the symbol of run number `index`. */
export function symbolPath(index, size = 54) {
  return d3.symbol().type(symbols[index % symbols.length]).size(size)();
}

/** Draws `runs`: `[{id, index, faded, points: [{x, y, error, state}]}]` with the scales of `chart`. */
export function drawRuns(layer, runs, chart) {
  const groups = layer.selectAll('g.run').data(runs, (run) => run.id);
  groups.exit().remove();
  const all = groups.enter().append('g').merge(groups);
  all.attr('class', 'run').classed('faded', (run) => run.faded).attr('data-run', (run) => run.id);
  all.each(function draw(run) {
    const finite = run.points.filter((point) => Number.isFinite(chart.x(point.x)) && place(chart, point.y) !== undefined);
    const items = d3.select(this).selectAll('g.point').data(finite, (point) => point.x);
    items.exit().remove();
    const entered = items.enter().append('g').attr('class', 'point');
    entered.append('path').attr('class', 'bar');
    entered.append('path').attr('class', 'symbol');
    const points = entered.merge(items);
    points.attr('transform', (point) => `translate(${chart.x(point.x)},0)`)
      .attr('data-half', (point) => 1.96 * point.error)
      .classed('running', (point) => point.state !== 'finished');
    points.select('.bar').attr('d', (point) => bar(chart, point));
    points.select('.symbol').attr('d', symbolPath(run.index)).attr('transform', (point) => `translate(0,${place(chart, point.y)})`);
  });
}

function place(chart, y) {
  const height = chart.y(chart.size(y));
  return Number.isFinite(height) ? height : undefined;
}

/** The bar from y − 1.96 errors to y + 1.96 errors; on a log scale one that reaches zero goes to the lower edge. */
function bar(chart, { y, error }) {
  const middle = chart.size(y);
  const top = chart.y(middle + 1.96 * error);
  const low = chart.y(middle - 1.96 * error);
  const bottom = Number.isFinite(low) ? low : chart.inner.height;
  return `M-5,${top}H5M0,${top}V${bottom}M-5,${bottom}H5`;
}
