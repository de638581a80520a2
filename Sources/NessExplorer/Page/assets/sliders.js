// How a slider runs over its range, and one row with slider and number field.

import { element, symbolNode, numberText, rounded } from './format.js';
import { takeNumber } from './number-field.js';
import { read, written } from './tree.js';

const steps = 1000;

/** The place of a value on its slider, 0 to 1000. */
export function placeOf(field, value) {
  const inside = Math.max(field.min, Math.min(field.max, value));
  if (field.scale === 'log') return (steps * Math.log(inside / field.min)) / Math.log(field.max / field.min);
  const share = (inside - field.min) / (field.max - field.min);
  return steps * (field.scale === 'power' ? Math.cbrt(share) : share);
}

/** The value at a place of the slider, with three digits, or whole. */
export function valueOf(field, place) {
  const share = place / steps;
  const raw = field.scale === 'log' ? field.min * (field.max / field.min) ** share
    : field.min + (field.max - field.min) * (field.scale === 'power' ? share ** 3 : share);
  return field.integer ? Math.round(raw) : rounded(raw);
}

/** A row for one number. `onChange(value, 'move' or 'set')`; the field may be left empty where the parameter is optional. */
export class NumberRow {
  constructor(path, field, onChange) {
    this.field = field;
    this.onChange = onChange;
    const id = `value-${path.replaceAll('.', '-')}`;
    this.slider = element('input', {
      type: 'range', min: 0, max: steps, step: 1, 'aria-label': `${field.name}, slider`, 'data-path': path, tabindex: 0,
    });
    this.number = element('input', {
      type: 'number', id, step: 'any', inputmode: 'decimal', 'data-path': path, 'aria-describedby': `${id}-fault`,
      placeholder: field.optional ? 'auto' : undefined,
    });
    this.fault = element('p', { class: 'fault', id: `${id}-fault`, hidden: true });
    const title = [field.name, field.unit && `[${field.unit}]`, field.note].filter(Boolean).join(', ');
    const label = element('label', { for: id, title }, symbolNode(field.plain ?? field.symbol), ' ',
      element('span', { class: 'name', text: field.label ?? field.name }), field.unit ? ' ' : null,
      field.unit ? element('span', { class: 'unit', text: `[${field.unit}]` }) : null);
    this.node = element('div', { class: 'row', 'data-row': path }, label, this.slider, this.number, this.fault);
    this.#listen();
  }

  #listen() {
    this.slider.addEventListener('input', () => {
      let value = valueOf(this.field, Number(this.slider.value));
      if (this.field.integer && value === this.value) value += Math.sign(Number(this.slider.value) - placeOf(this.field, value));
      this.onChange(value, 'move');
    });
    this.slider.addEventListener('keydown', (event) => this.#step(event));
    this.slider.addEventListener('change', () => this.onChange(this.value, 'set'));
    takeNumber(this.number, {
      isOptional: this.field.optional, onValue: (value) => this.onChange(value, 'move'), onWords: (words) => this.#say(words),
      onDone: () => this.set(this.value),
    });
  }

  /** Whole numbers go one by one with the arrows, however fine the slider is. */
  #step(event) {
    if (!this.field.integer) return;
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    const now = this.value ?? this.field.min;
    this.onChange(Math.max(this.field.min, Math.min(this.field.max, now + direction)), 'move');
  }

  set(value) {
    this.value = value;
    const known = typeof value === 'number';
    this.slider.value = known ? placeOf(this.field, value) : 0;
    this.slider.setAttribute('aria-valuetext', known ? `${numberText(value)} ${this.field.unit ?? ''}` : 'chosen by Ness');
    const share = Number(this.slider.value) / steps;
    this.slider.style.setProperty('--share', `${100 * share}%`);
    const typing = document.activeElement === this.number && Number(this.number.value) === value;
    if (!typing && !(document.activeElement === this.number && this.number.value === '')) this.number.value = known ? value : '';
  }

  /** What the server says of the value. */
  showFault(text) {
    this.#told = text ?? '';
    this.#showWords();
  }

  /** What the field itself says of what was typed; it goes before. */
  #say(words) {
    this.#typed = words;
    this.#showWords();
  }

  #told = '';
  #typed = '';

  #showWords() {
    const text = this.#typed || this.#told;
    this.fault.textContent = text;
    this.fault.hidden = !text;
    this.node.classList.toggle('bad', Boolean(text));
    this.number.setAttribute('aria-invalid', String(Boolean(text)));
  }
}

/** A row for one word out of several. */
export class ChoiceRow {
  constructor(path, field, onChange) {
    const id = `value-${path.replaceAll('.', '-')}`;
    this.select = element('select', { id, 'data-path': path, onchange: () => onChange(this.select.value, 'set') },
      ...field.options.map((option) => element('option', { value: option, text: option, title: field.titles[option] })));
    this.fault = element('p', { class: 'fault', hidden: true });
    this.node = element('div', { class: 'row choice', 'data-row': path },
      element('label', { for: id }, element('span', { class: 'name', text: field.name })), this.select, this.fault);
  }

  /** A value that is no word (a matrix from a file) gets an entry of its own. */
  set(value) {
    const word = typeof value === 'string' ? value : 'from a file';
    this.select.querySelector('[data-own]')?.remove();
    if (![...this.select.options].some((option) => option.value === word)) {
      this.select.append(element('option', { value: word, text: word, 'data-own': true, disabled: true }));
    }
    this.select.value = word;
  }

  showFault(text) {
    this.fault.textContent = text ?? '';
    this.fault.hidden = !text;
    this.node.classList.toggle('bad', Boolean(text));
  }
}

/** A row for a formula, a list or a mapping, as a file has it. */
export class TextRow {
  constructor(path, field, onChange) {
    const id = `value-${path.replaceAll('.', '-')}`;
    this.input = element('input', {
      type: 'text', id, 'data-path': path, spellcheck: 'false', autocomplete: 'off', 'aria-describedby': `${id}-fault`, title: field.forms,
      placeholder: field.optional ? 'none' : undefined, onchange: () => onChange(read(this.input.value), 'set'),
    });
    this.fault = element('p', { class: 'fault', id: `${id}-fault`, hidden: true });
    this.node = element('div', { class: 'row text', 'data-row': path },
      element('label', { for: id, title: field.note }, element('span', { class: 'name', text: field.name })), this.input, this.fault);
  }

  set(value) {
    if (document.activeElement !== this.input) this.input.value = written(value);
  }

  showFault(text) {
    this.fault.textContent = text ?? '';
    this.fault.hidden = !text;
    this.node.classList.toggle('bad', Boolean(text));
    this.input.setAttribute('aria-invalid', String(Boolean(text)));
  }
}

/** Binds a number field to a setting of the run; what lies outside `least` to `most` is taken to the nearest end, and said by
 * `onWords`. */
export function bindRunSetting(store, input, { key, factor, least, most, onWords }) {
  const show = ({ run }) => {
    if (document.activeElement !== input) input.value = Number((run[key] / factor).toPrecision(6));
  };
  let words = '';
  let typed;
  takeNumber(input, {
    onValue: (value) => { typed = value; }, onWords: (text) => { words = text; },
    onDone: () => {
      const wanted = typed ?? store.state.run[key] / factor;
      const value = Math.max(least, Math.min(most, key === 'points' ? Math.round(wanted) : wanted));
      if (!words && value !== wanted) words = `${key}: from ${least} to ${most}; ${numberText(value)} is taken.`;
      input.value = Number(value.toPrecision(6));
      store.update({ run: { ...store.state.run, [key]: Number((value * factor).toPrecision(6)) } });
      onWords(words);
      words = '';
      typed = undefined;
    },
  });
  store.subscribe(show);
  show(store.state);
}
