// A document of the server as curves and points that can be drawn.

/** The place of a method among those of a document, which the server ranks: of several claims of it the weakest counts. */
function placeOf(method, document) {
  const place = (document?.methods ?? []).findLastIndex((each) => each.method === method);
  return place < 0 ? Infinity : place;
}

/** Sorts names of methods as the server ranks them in a document, the best first. */
export function byRank(document) {
  const place = (method) => Math.min(placeOf(method, document), 1e9);
  return (one, other) => place(one) - place(other);
}

/** Whether a number of that validity is a theory that one may believe; a formula as printed is only shown. */
export function isTheory(validity) {
  return validity === 'exact' || validity === 'approximation';
}

/** What a method is for the models of a document: exact, an approximation of what, or printed. */
export function methodTitle(method, document) {
  const claim = document?.methods?.[placeOf(method, document)];
  if (typeof claim?.words !== 'string') return method;
  return ['exact', 'approximation'].includes(claim.validity) ? `${claim.validity} (${claim.words})` : claim.words;
}

/** An indexed quantity of a point by the best theory that knows it. */
export function bestProfile(point, name) {
  const profiles = (point?.methods ?? []).filter((each) => isTheory(each.validity)).map((each) => profileOf(point, name, each.method));
  return profiles.find((profile) => profile.length) ?? [];
}

/** The points of a document as `[{x, estimates, refusals, …}]`, in the order of x; those without it are left out. */
function pointsOf(document, parameter) {
  return (document?.points ?? []).map((point) => ({ ...point, x: point.parameters[parameter] }))
    .filter((point) => Number.isFinite(point.x)).sort((one, other) => one.x - other.x);
}

/** The curves of one quantity: `[{method, validity, points: [{x, y, error, kind}]}]`; y is NaN where there is no answer. */
export function curvesOf(document, parameter, quantity, factor = 1) {
  const points = pointsOf(document, parameter);
  const validities = new Map(points.flatMap((point) => point.estimates)
    .filter((estimate) => estimate.quantity === quantity).map((estimate) => [estimate.method, estimate.validity]));
  return [...validities.keys()].sort(byRank(document)).map((method) => ({
    method,
    validity: validities.get(method),
    points: points.map((point) => {
      const found = point.estimates.find((estimate) => estimate.quantity === quantity && estimate.method === method);
      const y = typeof found?.value === 'number' ? found.value * factor : NaN;
      return { x: point.x, y, error: (found?.uncertainty ?? 0) * factor, kind: found?.kind ?? 'numerical', state: point.state };
    }),
  }));
}

/** One row of a quantity with two axes, such as `causes` of a bath, as curves by the best theory that knows it:
 * `[{name, points: [{x, y}]}]`, in the order of the second axis. */
export function rowsOf(document, parameter, quantity, row) {
  const points = pointsOf(document, parameter).map((point) => ({ x: point.x, found: bestOf(point, quantity, document) }));
  const first = points.find((point) => point.found)?.found;
  return (first?.axes[1].names ?? []).map((name, column) => ({
    name, points: points.map(({ x, found }) => ({ x, y: found?.values[found.axes[0].names.indexOf(row)]?.[column] ?? NaN })),
  }));
}

function bestOf(point, quantity, document) {
  return point.estimates.filter((each) => each.quantity === quantity && isTheory(each.validity) && each.axes?.length === 2)
    .sort((one, other) => byRank(document)(one.method, other.method))[0];
}

/** All quantities of a document that begin with `prefix`, for series such as `effectiveFriction.left`. */
export function quantitiesOf(document, prefix) {
  const all = (document?.points ?? []).flatMap((point) => point.estimates).map((estimate) => estimate.quantity);
  return [...new Set(all)].filter((name) => typeof name === 'string' && (name === prefix || name.startsWith(`${prefix}.`)));
}

/** A quantity with one axis of one point, such as `kineticTemperature`, as `[{x, y, error}]`: x is the place on its axis. */
export function profileOf(point, name, method) {
  const found = (point?.estimates ?? []).find((each) => each.quantity === name && each.method === method && each.axes?.length === 1);
  const places = Array.isArray(found?.axes[0]?.values) ? found.axes[0].values : [];
  const profile = places.map((x, index) => ({ x, y: found.values?.[index], error: found.uncertainties?.[index] ?? 0, kind: found.kind }));
  return profile.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)).sort((one, other) => one.x - other.x);
}

/** The curve of the best theory that answered; curves are in the order of their rank. */
export function bestMethod(curves) {
  return curves.find((curve) => isTheory(curve.validity) && curve.points.some((point) => Number.isFinite(point.y)));
}

/** Why points stay without an answer to the wanted quantities: `[{methods, reason, from, to, count, of}]`. Reasons that differ only
 * in numbers are one. */
export function refusalsOf(document, parameter, wanted = ['heatCurrent']) {
  const families = wanted.map((quantity) => quantity.split('.')[0]);
  const points = pointsOf(document, parameter);
  const found = new Map();
  for (const point of points) {
    for (const refusal of point.refusals) {
      // The page asks for more than every medium has; what it is about is the current.
      if (!families.includes(refusal.quantity?.split('.')[0] ?? families[0])) continue;
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
