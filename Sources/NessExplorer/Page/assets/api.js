// Talking to the server: errors in words, streams, and word of whether it is there.

/** An answer that is not what was asked for; `faults` name the controls at fault, `gone` means nobody answered. */
export class ServerError extends Error {
  constructor(message, { status = 0, faults = [], retryAfter = 0 } = {}) {
    super(message);
    this.status = status;
    this.faults = objects(faults);
    this.retryAfter = retryAfter;
    this.gone = status === 0;
  }
}

/** Calls `listener()` when the server does not know the token of this page any more. */
export function onTokenLost(listener) {
  tokenListeners.add(listener);
}

const tokenListeners = new Set();
const reachability = new Set();
let reachable = true;

/** Calls `listener(reachable)` whenever the server goes or comes back. */
export function onReachability(listener) {
  reachability.add(listener);
}

function setReachable(now) {
  if (now === reachable) return;
  reachable = now;
  for (const listener of reachability) listener(now);
}

// Framed by the page of another program, a notebook, there are no cookies: its address carries the token.
const token = typeof location === 'undefined' ? null : new URLSearchParams(location.search).get('token');

/** A path with the token, where the address has one. */
const addressed = (path) => (token ? `${path}${path.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}` : path);

async function send(path, { method = 'GET', body, signal, accept } = {}) {
  let response;
  try {
    response = await fetch(addressed(path), {
      method, signal,
      headers: { Accept: accept ?? 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    setReachable(false);
    throw new ServerError('the server does not answer');
  }
  setReachable(true);
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  if (response.status === 401) for (const listener of tokenListeners) listener();
  throw new ServerError(typeof told?.message === 'string' ? told.message : `the server answered ${response.status}`, {
    status: response.status, faults: told?.faults, retryAfter: Number(response.headers.get('Retry-After')) || 1,
  });
}

/** The objects of a list; nothing if it is no list. What a server sends is not taken on trust. */
function objects(list) {
  return Array.isArray(list) ? list.filter((each) => each !== null && typeof each === 'object') : [];
}

/** An answer with points and verdicts, each with every list that is read later. */
export function documentOf(answer) {
  const points = objects(answer?.points).map((point) => ({
    ...point, parameters: point.parameters ?? {}, estimates: objects(point.estimates), refusals: objects(point.refusals),
  }));
  return { ...answer, points, verdicts: objects(answer?.verdicts), methods: objects(answer?.methods), device: answer?.device && deviceOf(answer.device) };
}

/** What was found of a device, with every list that is read later. */
function deviceOf(report) {
  const points = objects(report.points).map((point) => ({ ...point, parameters: point.parameters ?? {}, numbers: objects(point.numbers), text: String(point.text ?? '') }));
  const verdicts = objects(report.verdicts).map((verdict) => ({ ...verdict, text: String(verdict.text ?? '') }));
  return { ...report, points, verdicts, notes: Array.isArray(report.notes) ? report.notes.map(String) : [] };
}

async function json(path, options) {
  const response = await send(path, options);
  if (response.status === 204) return {};
  try {
    const answer = await response.json();
    return answer !== null && typeof answer === 'object' ? answer : {};
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ServerError('the answer of the server cannot be read', { status: response.status });
  }
}

export const api = {
  about: () => json('api/about'),
  schema: () => json('api/schema'),
  presets: async () => objects((await json('api/presets')).presets),
  complete: (experiment) => json('api/experiment', { method: 'POST', body: experiment }),
  async theory(experiment, { quantities, signal } = {}) {
    const query = new URLSearchParams(quantities ? { quantities: quantities.join(',') } : {});
    return documentOf(await json(`api/theory?${query}`, { method: 'POST', body: experiment, signal }));
  },
  levels: async (experiment, { signal } = {}) => objects((await json('api/levels', { method: 'POST', body: experiment, signal })).baths),
  /** The same system by the other mechanics: `{twin, classicalLimit: {experiment, factor}}`, each only if there is one. */
  twin: (experiment, { hbar, signal } = {}) => json(`api/twin${hbar > 0 ? `?hbar=${hbar}` : ''}`, { method: 'POST', body: experiment, signal }),
  startRun: (experiment) => json('api/runs', { method: 'POST', body: experiment }),
  runs: async () => objects((await json('api/runs')).runs).filter((run) => typeof run.id === 'string').map(documentOf),
  stopRun: (id) => json(`api/runs/${encodeURIComponent(id)}/stop`, { method: 'POST' }),
  removeRun: (id) => json(`api/runs/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  studies: async () => objects((await json('api/studies')).studies).filter((study) => typeof study.id === 'string'),
  study: async (id) => {
    // Figures and verdicts are shown, not the points.
    const study = await json(`api/studies/${encodeURIComponent(id)}?limit=0`);
    return {
      ...study, id, document: documentOf(study.document), figures: objects(study.figures), provenance: objects(study.provenance),
    };
  },
  figurePath: (id, kind, format, scale) =>
    addressed(`api/studies/${encodeURIComponent(id)}/figures/${encodeURIComponent(kind)}.${format}${scale ? `?scale=${scale}` : ''}`),
};

/** Lines of JSON from a stream, one at a time; lines that are not JSON are left out. */
export async function* lines(path, body, signal) {
  const response = await send(path, { method: 'POST', body, signal, accept: 'application/x-ndjson' });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split('\n');
    rest = parts.pop();
    for (const part of parts) {
      const parsed = parsedOrNothing(part);
      if (parsed) yield parsed;
    }
  }
}

/** Follows a run: `onSnapshot(snapshot)` until it ends, then `onEnd()`. Returns a function that stops following. */
export function follow(id, onSnapshot, onEnd) {
  const source = new EventSource(addressed(`api/runs/${encodeURIComponent(id)}/events`));
  source.addEventListener('snapshot', (event) => {
    const snapshot = parsedOrNothing(event.data);
    if (snapshot && typeof snapshot === 'object') onSnapshot(documentOf(snapshot));
  });
  source.addEventListener('end', () => { source.close(); onEnd(); });
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) onEnd();
  });
  return () => source.close();
}

function parsedOrNothing(text) {
  try {
    return text.trim() ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
