// A document of the server as curves and points that can be drawn.

/** The theories, best first; the server has the same order, and says in `methods` of a document what each is for its model. */
const theories = ['memory', 'renewal', 'kernel', 'davies', 'liouvillian', 'corrected', 'markov', 'asymptotic', 'local', 'printed'];

/** Sorts names of methods from the best to the last. */
export function byRank(one, other) {
  return theories.indexOf(one) - theories.indexOf(other);
}

/** What a method is for the model of a document: exact, an approximation of what, or printed. */
export function methodTitle(method, document) {
  const claim = document?.methods?.find((each) => each.method === method);
  if (typeof claim?.words !== 'string') return method;
  return ['exact', 'approximation'].includes(claim.validity) ? `${claim.validity} (${claim.words})` : claim.words;
}

/** The best method that knows an indexed quantity of a point. */
export function bestProfile(point, name) {
  const method = theories.find((each) => each !== 'printed' && profileOf(point, name, each).length);
  return profileOf(point, name, method);
}

/** The points of a document as `[{x, estimates, refusals, …}]`, in the order of x; those without it are left out. */
function pointsOf(document, parameter) {
  return (document?.points ?? []).map((point) => ({ ...point, x: point.parameters[parameter] }))
    .filter((point) => Number.isFinite(point.x)).sort((one, other) => one.x - other.x);
}

/** The curves of one quantity: `[{method, points: [{x, y, error, kind}]}]`; y is NaN where there is no answer. */
export function curvesOf(document, parameter, quantity, factor = 1) {
  const points = pointsOf(document, parameter);
  const names = new Set(points.flatMap((point) => point.estimates)
    .filter((estimate) => estimate.quantity === quantity).map((estimate) => estimate.method));
  return [...names].sort(byRank).map((method) => ({
    method,
    points: points.map((point) => {
      const found = point.estimates.find((estimate) => estimate.quantity === quantity && estimate.method === method);
      const y = typeof found?.value === 'number' ? found.value * factor : NaN;
      return { x: point.x, y, error: (found?.uncertainty ?? 0) * factor, kind: found?.kind ?? 'numerical', state: point.state };
    }),
  }));
}

/** All quantities of a document that begin with `prefix`, for series such as `effectiveFriction.left`. */
export function quantitiesOf(document, prefix) {
  const all = (document?.points ?? []).flatMap((point) => point.estimates).map((estimate) => estimate.quantity);
  return [...new Set(all)].filter((name) => typeof name === 'string' && (name === prefix || name.startsWith(`${prefix}.`)));
}

/** An indexed quantity of one point, `name[1]`, `name[2]`, …, as `[{x: 1, y, error}]`. */
export function profileOf(point, name, method) {
  const result = [];
  for (const estimate of point?.estimates ?? []) {
    const match = estimate.method === method && /^([A-Za-z]+)\[(\d+)\]$/.exec(estimate.quantity);
    if (match && match[1] === name && Number.isFinite(estimate.value)) {
      result.push({ x: Number(match[2]), y: estimate.value, error: estimate.uncertainty ?? 0, kind: estimate.kind });
    }
  }
  return result.sort((one, other) => one.x - other.x);
}

/** The best method that answered `quantity` in a curve document. */
export function bestMethod(curves) {
  return curves.find((curve) => curve.points.some((point) => Number.isFinite(point.y)));
}

/** Why points stay without an answer: `[{methods, reason, from, to, count, of}]`. Reasons that differ only in numbers are one. */
export function refusalsOf(document, parameter) {
  const points = pointsOf(document, parameter);
  const found = new Map();
  for (const point of points) {
    for (const refusal of point.refusals) {
      const reason = String(refusal.reason ?? '');
      const key = `${refusal.method}: ${reason.replace(/-?\d+(\.\d+)?(e[-+]?\d+)?/g, '#')}`;
      const entry = found.get(key) ?? { method: refusal.method, reason, from: point.x, to: point.x, count: 0 };
      entry.to = Math.max(entry.to, point.x);
      entry.from = Math.min(entry.from, point.x);
      entry.count += 1;
      found.set(key, entry);
    }
  }
  return [...found.values()].map((entry) => ({ ...entry, of: points.length }));
}

/** The value of a curve at x, linear between its points; NaN outside or in a gap. */
export function valueAt(points, x) {
  const after = points.findIndex((point) => point.x >= x);
  if (after < 0) return NaN;
  if (points[after].x === x) return points[after].y;
  if (after === 0) return NaN;
  const [one, other] = [points[after - 1], points[after]];
  return one.y + ((other.y - one.y) * (x - one.x)) / (other.x - one.x);
}
