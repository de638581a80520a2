// The column of controls: one group for each bath and one for the medium, and the horizontal axis.

import { element, symbolNode, faultWords, pathWords } from './format.js';
import { NumberRow, ChoiceRow, TextRow } from './sliders.js';
import { takeNumber } from './number-field.js';
import { fieldsOf, fieldOf, bathKinds, kindName, withBathKind, axisPaths, isTemperature, hbarOfTwin, twinKind, valueAt } from './models.js';
import { groupsOf, axisRange } from './state.js';

/** A bath with more parameters of this kind, that may be left out of a file, has them folded. */
const mostOpen = 2;

export class Controls {
  #rows = new Map();
  #groups = new Map();
  #shape = '';

  constructor(form, axisBox, store, onHbar) {
    this.form = form;
    this.store = store;
    this.onHbar = onHbar;
    this.axis = new AxisFields(axisBox, store);
    form.addEventListener('submit', (event) => event.preventDefault());
  }

  /** Brings every control to the state; rows are built anew only where the model has other parameters. */
  show(state) {
    const groups = groupsOf(state.values);
    const shape = groups.map((group) => [group, state.values[`${group}.kind`],
      ...fieldsOf(state.values, group).map(([path, field]) => path + (field.text ? ' as text' : ''))].join()).join(';');
    if (shape !== this.#shape) this.#build(state, groups);
    this.#shape = shape;
    for (const [path, row] of this.#rows) if (path !== 'classical') row.set(valueAt(state.values, path));
    for (const [path, row] of this.#rows) row.node.classList.toggle('on-axis', path === state.axis.parameter);
    for (const group of groups) this.#tint(group, state);
    this.axis.show(state);
  }

  #build(state, groups) {
    const focused = document.activeElement?.dataset?.path;
    const kind = document.activeElement?.type;
    this.#rows.clear();
    this.#groups.clear();
    this.form.replaceChildren(...groups.map((group) => this.#group(state, group)));
    if (focused) this.form.querySelector(`[data-path="${focused}"]${kind ? `[type="${kind}"]` : ''}`)?.focus();
  }

  #group(state, group) {
    const fields = fieldsOf(state.values, group);
    const rows = fields.map(([path, field]) => this.#row(path, field));
    // Of a medium what makes another one of it.
    const isFurther = ([, field]) => (group === 'medium' ? field.further : field.hasDefault);
    const further = rows.filter((row, index) => isFurther(fields[index])).map((row) => row.node);
    const folded = further.length > mostOpen ? further : [];
    const open = rows.map((row) => row.node).filter((node) => !folded.includes(node));
    const section = element('fieldset', { class: 'group', 'data-group': group }, this.#heading(state, group));
    const hbar = group === 'medium' ? hbarOfTwin(state.values) : undefined;
    if (hbar) section.append(this.#classicalHbar(hbar));
    section.append(...open);
    if (folded.length) {
      const kind = state.values[`${group}.kind`];
      const alone = Object.values(state.values).filter((value) => value === kind).length === 1;
      const isGiven = fields.some(([path, field]) => field.further && valueAt(state.values, path) !== undefined);
      section.append(element('details', { class: 'fold', open: group === 'medium' ? isGiven : alone },
        element('summary', { text: 'further parameters' }), ...folded));
    }
    const fault = element('p', { class: 'fault', hidden: true });
    section.append(fault);
    this.#groups.set(group, { showFault: (text) => { fault.textContent = text; fault.hidden = !text; } });
    return section;
  }

  #heading(state, group) {
    const kind = state.values[`${group}.kind`];
    if (group === 'medium') return element('legend', {}, element('span', { text: kindName(kind) }));
    const name = group.split('.')[1];
    // A kind that cannot touch the medium any more is shown as what it is; the server says what is wrong with it.
    const choices = [...new Set([...bathKinds(state.values), kind])];
    const select = element('select', {
      'aria-label': `Kind of the ${name} bath`, 'data-path': `${group}.kind`,
      onchange: (event) => this.store.setValues(withBathKind(this.store.state.values, name, event.target.value), 'set'),
    }, ...choices.map((each) => element('option', { value: each, text: kindName(each), selected: each === kind })));
    const title = name === 'left' ? 'Left bath' : name === 'right' ? 'Right bath' : `Bath ${name}`;
    return element('legend', {}, element('span', { text: title }), choices.length > 1 ? select : null);
  }

  #row(path, field) {
    const change = (value, how) => {
      if (path === 'medium.hbar' && how === 'move' && value >= 0 && value <= field.min && twinKind(this.store.state.values)) this.onHbar(0);
      else this.store.setValue(path, value, how);
    };
    const row = field.options ? new ChoiceRow(path, field, change)
      : field.text ? new TextRow(path, field, change) : new NumberRow(path, field, change);
    this.#rows.set(path, row);
    return row;
  }

  /** In a classical medium with a quantum twin ħ stands at its left end; moving it leads to the twin. */
  #classicalHbar(hbar) {
    const field = { ...hbar, name: 'classical', note: undefined, optional: true };
    const row = new NumberRow('classical', field, (value) => { if (value > field.min) this.onHbar(value); });
    row.number.placeholder = '→ 0';
    row.slider.setAttribute('aria-label', 'quantum of action: move it to make the system quantum');
    row.set(undefined);
    this.#rows.set('classical', row);
    return row.node;
  }

  /** The hotter bath gets the warm colour, the colder one the cold colour. */
  #tint(group, state) {
    const temperature = state.values[`${group}.temperature`];
    const others = groupsOf(state.values).filter((each) => each !== group && each !== 'medium')
      .map((each) => state.values[`${each}.temperature`]);
    const section = this.form.querySelector(`[data-group="${group}"]`);
    section?.classList.toggle('hot', others.length > 0 && temperature > Math.max(...others));
    section?.classList.toggle('cold', others.length > 0 && temperature < Math.min(...others));
  }

  /** Marks the controls that `faults` of the server name; returns those that belong to no control. A fault along the sweep
   * is one of the parameter that is swept, and of the range of the axis. */
  showFaults(faults) {
    for (const mark of [...this.#rows.values(), ...this.#groups.values()]) mark.showFault('');
    if (this.#axisIsMarked) this.axis.showFault('');
    const along = faults.filter((fault) => this.#axisKey(fault.key));
    this.#axisIsMarked = along.length > 0;
    if (along.length) this.axis.showFault(faultWords(along[0]));
    return faults.filter((fault) => {
      const mark = this.#markOf(this.#axisKey(fault.key) ?? fault.key);
      mark?.showFault(faultWords(fault));
      return !mark;
    });
  }

  /** The control of a key: a control for both ends has the faults of each, and what no control stands for is told at its group. */
  #markOf(key) {
    for (let path = key ?? ''; path; path = path.slice(0, Math.max(0, path.lastIndexOf('.'), path.lastIndexOf('[')))) {
      const mark = this.#rows.get(path) ?? this.#groups.get(path);
      if (mark) return mark;
    }
    return undefined;
  }

  #axisIsMarked = false;

  #axisKey(key) {
    return typeof key === 'string' && key.startsWith('sweep') ? this.store.state.axis.parameter : undefined;
  }
}

/** Which parameter lies on the horizontal axis, from where to where, and how both axes are divided. */
class AxisFields {
  constructor(box, store) {
    this.store = store;
    this.parameter = element('select', { id: 'axis-parameter', 'aria-label': 'Parameter on the horizontal axis' });
    this.parameter.addEventListener('change', () => {
      store.update({ axis: axisRange(store.state.values, this.parameter.value) });
    });
    const number = (key, title) => {
      const input = element('input', { type: 'number', step: 'any', id: `axis-${key}`, 'aria-label': title, 'aria-describedby': 'axis-fault' });
      let words = '';
      takeNumber(input, { onValue: () => {}, onWords: (text) => { words = text; }, onDone: () => this.#setRange(key, input, words) });
      return input;
    };
    this.from = number('from', 'from');
    this.to = number('to', 'to');
    this.symbol = element('span', { class: 'axis-symbol' });
    this.horizontal = this.#toggle('axis-x-log', 'log', 'Logarithmic horizontal axis', () => this.#toggleHorizontal());
    this.logLog = this.#toggle('axis-log-log', 'log-log', 'Both axes logarithmic (key l)', () => this.toggleLogLog());
    this.fault = element('p', { class: 'fault', id: 'axis-fault', role: 'alert', hidden: true });
    box.append(this.parameter, element('div', { class: 'axis-range' },
      this.from, element('span', { text: 'to' }), this.to, this.horizontal, this.logLog), this.fault);
  }

  #toggle(id, text, title, action) {
    return element('button', { type: 'button', id, class: 'toggle', title, 'aria-pressed': 'false', onclick: action, text });
  }

  show({ values, axis, view }) {
    const paths = axisPaths(values);
    const key = paths.map((entry) => entry.path).join();
    if (this.parameter.dataset.key !== key) {
      this.parameter.replaceChildren(...paths.map(({ path, field }) => element('option', {
        value: path, text: `${plainSymbol(field)}: ${pathWords(path)}`,
      })));
      this.parameter.dataset.key = key;
    }
    this.parameter.value = axis.parameter;
    for (const end of ['from', 'to']) if (document.activeElement !== this[end]) this[end].value = axis[end];
    this.horizontal.setAttribute('aria-pressed', String(axis.scale === 'log'));
    this.logLog.setAttribute('aria-pressed', String(axis.scale === 'log' && view.y === 'log'));
    this.symbol.replaceChildren(symbolNode(fieldOf(values, axis.parameter)?.symbol ?? ''));
  }

  #setRange(key, input, words) {
    const axis = { ...this.store.state.axis, [key]: Number(input.value) };
    const isRead = input.value.trim() !== '' && Number.isFinite(axis[key]);
    const fault = !isRead ? words || 'A number is needed, such as 0.35.'
      : axis.to <= axis.from ? 'The second value must be larger than the first.'
        : axis.scale === 'log' && axis.from <= 0 ? 'A logarithmic axis begins above 0.' : '';
    this.#say(fault || words, [key]);
    if (!fault) this.store.update({ axis });
  }

  /** What the server says of the range. */
  showFault(text) {
    this.#say(text, ['from', 'to']);
  }

  #say(text, ends) {
    this.fault.textContent = text;
    this.fault.hidden = !text;
    for (const end of ['from', 'to']) this[end].setAttribute('aria-invalid', String(Boolean(text) && ends.includes(end)));
  }

  #toggleHorizontal() {
    this.#setScale(this.store.state.axis.scale !== 'log', this.store.state.view.y === 'log');
  }

  toggleLogLog() {
    const both = this.store.state.axis.scale === 'log' && this.store.state.view.y === 'log';
    this.#setScale(!both || this.store.state.axis.from > 0 && !both, !both);
  }

  #setScale(horizontal, vertical) {
    const { axis, view } = this.store.state;
    const from = horizontal && axis.from <= 0 ? Number((axis.to / 1000).toPrecision(2)) : axis.from;
    this.store.update({
      axis: { ...axis, from, scale: horizontal ? 'log' : 'linear' }, view: { ...view, y: vertical ? 'log' : 'linear' },
    });
  }
}

function plainSymbol(field) {
  const [letter, index] = field.symbol.split('_');
  return index ? `${letter} ${index}` : letter;
}
