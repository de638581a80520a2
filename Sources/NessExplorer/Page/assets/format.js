// Numbers and symbols as a reader of the papers expects them.

const superscripts = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };

/** A number with `digits` significant digits, without trailing zeros; very large and small ones as powers of ten. */
export function numberText(value, digits = 4) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    const power = [...String(Number(exponent))].map((sign) => superscripts[sign]).join('');
    return `${minus(String(Number(mantissa)))}·10${power}`;
  }
  return minus(String(Number(value.toPrecision(digits))));
}

function minus(text) {
  return text.replace('-', '−');
}

/** Value and error, both ending at the second digit of the error: "20.56 ± 0.04". */
export function withError(value, error) {
  if (!Number.isFinite(error) || error <= 0) return numberText(value, 5);
  const decimals = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(error))));
  if (decimals > 10) return numberText(value, 6);
  const digits = error >= 2 * 10 ** -decimals && String(error.toPrecision(2))[0] > '2' ? Math.max(0, decimals - 1) : decimals;
  return `${minus(value.toFixed(digits))}\u00a0±\u00a0${error.toFixed(digits)}`;
}

/** How an estimate is told: with one standard error if sampled, with a bound of its error if computed. */
export function estimateText(estimate) {
  if (estimate.kind === 'statistical') return withError(estimate.y, estimate.error);
  const bound = estimate.error > 0 ? `, error below ${boundText(estimate.error)}` : '';
  return numberText(estimate.y, 6) + bound;
}

/** A bound with one digit, rounded up. */
export function boundText(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return numberText(Math.ceil(value / power) * power, 1);
}

/** "12 s", "3 min", "2 h 5 min". */
export function durationText(seconds) {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** A date as "21 Nov 2026, 18:40", in the reader's time zone; the text itself if it is no date. */
export function dateText(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text ?? '';
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  return `${day}, ${date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}

/** Three significant digits: what a slider gives. */
export function rounded(value, digits = 3) {
  return value === 0 ? 0 : Number(value.toPrecision(digits));
}

/** An element with classes, attributes and children; texts are never read as HTML. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'text') node.textContent = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}

/** A symbol such as `T_left` or `ζ` as nodes: letter in italics, index below. */
export function symbolNode(symbol) {
  const [letter, index] = symbol.split('_');
  const node = element('span', { class: 'symbol' }, element('i', { text: letter }));
  if (index) node.append(element('sub', { text: index }));
  return node;
}

/** A sentence in which `{T_left}` stands for a symbol, as nodes. */
export function sentence(text) {
  return text.split(/(\{[^}]+\})/).filter(Boolean).map((part) =>
    part.startsWith('{') ? symbolNode(part.slice(1, -1)) : document.createTextNode(part));
}

/** A parameter of an experiment in words: `baths.left.temperature` is the temperature of the left bath. */
export function pathWords(path) {
  const bath = /^baths\.([^.]+)\.(.+)$/.exec(path ?? '');
  return bath ? `${bath[2]} of the ${bath[1]} bath` : (path ?? '').replace(/^medium\./, '');
}

/** A fault that the server found in a value, for the control that it belongs to. */
export function faultWords(fault) {
  const words = fault.found ? `found ${fault.found}, expected ${fault.expected}` : fault.expected ?? 'impossible';
  return fault.remedy ? `${words} (${fault.remedy})` : words;
}

/** A refusal of the server in words for the page: places in a text that nobody wrote are left out. */
export function refusalWords(error) {
  if (!error?.faults?.length) return error?.message ?? 'Something went wrong.';
  return error.faults.map((fault) => [pathWords(fault.key), faultWords(fault)].filter(Boolean).join(': ')).join('; ');
}
