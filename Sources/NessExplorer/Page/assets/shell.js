// What surrounds the model: theme, help, banner, clipboard, keys.

/** Light or dark: as the system has it, unless the reader chose the other. */
export class Theme {
  constructor(button, onChange) {
    this.button = button;
    this.onChange = onChange;
    this.system = window.matchMedia('(prefers-color-scheme: dark)');
    this.chosen = remembered('theme');
    this.system.addEventListener('change', () => this.#apply());
    button.addEventListener('click', () => this.toggle());
    this.#apply();
  }

  get dark() {
    return this.chosen ? this.chosen === 'dark' : this.system.matches;
  }

  toggle() {
    const dark = !this.dark;
    this.chosen = dark === this.system.matches ? null : dark ? 'dark' : 'light';
    remember('theme', this.chosen);
    this.#apply();
  }

  #apply() {
    document.documentElement.dataset.theme = this.dark ? 'dark' : 'light';
    this.button.textContent = this.dark ? 'Light' : 'Dark';
    this.button.setAttribute('aria-pressed', String(this.dark));
    this.onChange();
  }
}

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing still shows the page.
  }
}

/** A line across the top: what is wrong, and for how long. */
export class Banner {
  #timer;

  constructor(node) {
    this.node = node;
  }

  /** Shows `text`; with `seconds` it goes away by itself. */
  show(text, seconds) {
    clearTimeout(this.#timer);
    this.node.textContent = text;
    this.node.hidden = !text;
    if (seconds) this.#timer = setTimeout(() => this.show(''), 1000 * seconds);
  }
}

/** Copies a text; returns whether that worked. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}

/** Closes a dialog by a click beside it. */
export function closeBeside(dialog) {
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
}

/** Opens and closes the help. */
export function listenToHelp(dialog, open, close) {
  open.addEventListener('click', () => dialog.showModal());
  close.addEventListener('click', () => dialog.close());
  closeBeside(dialog);
}

/** Single keys, unless they are switched off by `box`, or one is typing, or a control needs the key itself. */
export function listenToKeys(actions, box) {
  box.checked = remembered('keys') !== 'off';
  box.addEventListener('change', () => remember('keys', box.checked ? null : 'off'));
  document.addEventListener('keydown', (event) => {
    if (!box.checked) return;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const target = event.target;
    if (target.matches('input:not([type="range"]):not([type="checkbox"]), textarea, select')) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
