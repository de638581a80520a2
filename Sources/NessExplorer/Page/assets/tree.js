// Trees of an experiment as flat tables of dotted paths, and values that are lists, mappings or texts of their own.

/** A tree as a flat table of dotted paths; lists stay values. */
export function flatten(tree, prefix = '') {
  const result = {};
  for (const [key, value] of Object.entries(tree ?? {})) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (isMapping(value)) Object.assign(result, flatten(value, path));
    else if (value !== null && value !== undefined) result[path] = value;
  }
  return result;
}

/** The inverse of `flatten`. */
export function unflatten(values) {
  const tree = {};
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split('.');
    const last = keys.pop();
    const place = keys.reduce((node, key) => (node[key] ??= {}), tree);
    place[last] = value;
  }
  return tree;
}

export function isMapping(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** What was written into a field of text: a list or a mapping, a number, or a text; undefined for nothing. */
export function read(text) {
  const words = text.trim();
  if (!words) return undefined;
  if (/^[[{"]/.test(words)) {
    try {
      // Keys as in a file, without quotes.
      return JSON.parse(words.replace(/([{,]\s*)([A-Za-z_]\w*)\s*:/g, '$1"$2":'));
    } catch {
      return words;
    }
  }
  return Number.isFinite(Number(words)) ? Number(words) : words;
}

/** A value as it is written into a field of text. */
export function written(value) {
  if (value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value).replaceAll(/"([A-Za-z_]\w*)":/g, '$1: ').replaceAll(',', ', ').replaceAll(/"(true|false)"/g, '$1') : String(value);
}
