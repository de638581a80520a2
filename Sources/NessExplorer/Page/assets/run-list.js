// The list of simulations: what is in work and what waits in its order, then what has ended.

import { element } from './format.js';
import { symbolPath } from './points.js';

const svgSpace = 'http://www.w3.org/2000/svg';

export class RunList {
  #items = new Map();

  /** `actions`: what `stop`, `continue`, `load`, `remove` and `show` do with a run. */
  constructor(list, actions) {
    this.list = list;
    this.actions = actions;
    this.empty = element('li', { class: 'empty', text: 'None yet. “Simulate” measures the curve point by point.' });
  }

  /** Shows `entries`: `[{run, symbol, isShown, isActive, canContinue, facts, note: [node or text]}]`. What stays is changed in place:
   * a button that were made anew several times a second could not be pressed. */
  draw(entries) {
    const ids = entries.map(({ run }) => run.id);
    for (const id of [...this.#items.keys()]) if (!ids.includes(id)) this.#items.delete(id);
    const nodes = entries.map((entry) => {
      const item = this.#items.get(entry.run.id) ?? new RunItem(entry.run.id, this.actions);
      this.#items.set(entry.run.id, item);
      item.show(entry);
      return item.node;
    });
    const wanted = nodes.length ? nodes : [this.empty];
    const now = [...this.list.children];
    if (wanted.length === now.length && wanted.every((node, index) => node === now[index])) return;
    const focused = document.activeElement;
    this.list.replaceChildren(...wanted);
    if (this.list.contains(focused)) focused.focus({ preventScroll: true });
  }
}

class RunItem {
  #notes = '';

  constructor(id, actions) {
    const act = (name, text, title) => element('button', {
      type: 'button', text, title, 'data-action': `${name} ${id}`, onclick: () => actions[name](this.run),
    });
    this.box = element('input', { type: 'checkbox', 'data-action': `show ${id}`, onchange: () => actions.show(this.run, this.box.checked) });
    this.title = element('span', { class: 'title' });
    this.symbol = symbolShape();
    this.facts = element('p', { class: 'facts' });
    this.progress = element('progress', { max: 1, 'aria-label': 'Progress of this simulation' });
    this.fault = element('p', { class: 'fault' });
    this.note = element('p', { class: 'note' });
    this.summary = element('summary', { 'data-action': `notes ${id}` });
    this.list = element('ul');
    this.notes = element('details', { class: 'run-notes' }, this.summary, this.list);
    this.stop = act('stop', 'Stop');
    this.continue = act('continue', 'Continue', 'Go on from what was measured');
    this.load = act('load', 'Load into the sliders', 'Set the sliders to the parameters of this simulation');
    this.remove = act('remove', 'Remove from list', 'What the store keeps stays there');
    this.node = element('li', { 'data-run': id },
      element('label', {}, this.box, this.symbol, this.title), this.facts, this.progress, this.fault, this.note, this.notes,
      element('div', { class: 'actions' }, this.stop, this.continue, this.load, this.remove));
  }

  show({ run, symbol, isShown, isActive, canContinue, facts, note }) {
    this.run = run;
    this.node.className = `run-item ${run.state}`;
    this.box.checked = isShown;
    this.box.setAttribute('aria-label', `Show ${run.title || run.id} on the chart`);
    this.symbol.firstChild.setAttribute('d', symbolPath(symbol));
    write(this.title, run.title || run.id);
    write(this.facts, facts);
    this.progress.hidden = run.state !== 'running' && run.state !== 'stopping';
    this.progress.value = Number.isFinite(run.fraction) ? run.fraction : 0;
    write(this.fault, typeof run.message === 'string' ? run.message : '');
    this.note.replaceChildren(...note);
    this.note.hidden = !note.length;
    this.stop.hidden = !isActive;
    this.stop.disabled = run.state === 'stopping';
    this.continue.hidden = !canContinue;
    this.remove.hidden = isActive;
    this.#showNotes(run.notes);
  }

  /** What the simulation told on its way: how it chose its step, why a point ended. */
  #showNotes(given) {
    const notes = Array.isArray(given) ? given.filter((note) => typeof note === 'string') : [];
    const key = notes.join('\n');
    this.notes.hidden = !notes.length;
    if (key === this.#notes) return;
    this.#notes = key;
    this.summary.textContent = notes.length === 1 ? '1 note' : `${notes.length} notes`;
    this.list.replaceChildren(...notes.map((note) => element('li', { text: note })));
  }
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

function symbolShape() {
  const svg = document.createElementNS(svgSpace, 'svg');
  svg.setAttribute('viewBox', '-8 -8 16 16');
  svg.setAttribute('class', 'run-symbol');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(svgSpace, 'path'));
  return svg;
}
