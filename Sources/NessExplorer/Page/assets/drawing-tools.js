// Drawing a network by pointing: the buttons below its picture, and what a click on the picture does.

import { element } from './format.js';
import { pictureOf, valueAt } from './models.js';
import { obstacle, withBath, withBond, withSite, withoutBath, withoutBond } from './network-edit.js';

/** Fewest baths and bonds that a network must keep. */
const fewest = 1;

const tools = [
  { name: 'site', title: 'Add site', words: 'Click a site: a new one is joined to it.', isShape: true },
  { name: 'bond', title: 'Add bond', words: 'Click two sites, one after the other.', isShape: true },
  { name: 'bath', title: 'Add bath', words: 'Click a site: it gets a bath.' },
  { name: 'remove', title: 'Take away', words: 'Click a bath (its square) or a bond.', isShape: true },
];

export class DrawingTools {
  #tool;
  #first;
  #values = {};

  /** `box` gets the buttons; `scene` is the picture; `onValues(values)` takes the changed network. */
  constructor({ box, scene, onValues }) {
    Object.assign(this, { box, scene, onValues });
    this.buttons = tools.map((tool) => element('button', {
      type: 'button', class: 'toggle', 'data-tool': tool.name, 'aria-pressed': 'false', text: tool.title,
      onclick: () => this.#choose(this.#tool === tool ? undefined : tool),
    }));
    this.words = element('p', { class: 'draw-words', role: 'status' });
    box.append(element('div', { class: 'draw-buttons' }, ...this.buttons), this.words);
    scene.canvas.addEventListener('click', (event) => this.#click(event));
    document.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.#choose(undefined); });
  }

  show({ values }) {
    this.#values = values;
    // Of a chain that is drawn as a graph the bonds are not drawn by hand.
    const isNetwork = pictureOf(values) === 'graph' && valueAt(values, 'medium.lattice') !== undefined;
    if (!isNetwork && this.#tool) this.#choose(undefined);
    this.box.hidden = !isNetwork;
  }

  #choose(tool) {
    this.#tool = tool;
    this.#mark(undefined);
    for (const button of this.buttons) button.setAttribute('aria-pressed', String(button.dataset.tool === tool?.name));
    this.scene.canvas.classList.toggle('drawing', Boolean(tool));
    this.#say(tool ? obstacle(this.#values, tool.isShape) ?? tool.words : '');
  }

  #say(words) {
    this.words.textContent = words;
  }

  /** The site that a bond begins at. */
  #mark(site) {
    this.#first = site;
    this.scene.mark(site);
  }

  #click(event) {
    const tool = this.#tool;
    if (!tool || obstacle(this.#values, tool.isShape)) return;
    const box = this.scene.canvas.getBoundingClientRect();
    const found = this.scene.pick(event.clientX - box.left, event.clientY - box.top);
    if (!found) return;
    const values = this.#changed(tool.name, found);
    if (values) this.onValues(values);
  }

  /** The network that a click makes; undefined where it makes none. */
  #changed(name, { site, bond, scene }) {
    switch (name) {
      case 'site': return site ? withSite(this.#values, scene, site) : undefined;
      case 'bond': return site ? this.#joined(site, scene) : undefined;
      case 'bath': return site ? this.#heated(site, scene) : undefined;
      default: return this.#taken(site, bond, scene);
    }
  }

  #joined(site, scene) {
    const first = this.#first;
    if (!first) {
      this.#mark(site);
      this.#say(`From site ${site}: click the other one.`);
      return undefined;
    }
    this.#mark(undefined);
    const isJoined = scene.bonds.some((pair) => pair.includes(first) && pair.includes(site));
    this.#say(site === first ? tools[1].words : isJoined ? `Sites ${first} and ${site} are joined already.` : tools[1].words);
    return site === first || isJoined ? undefined : withBond(this.#values, first, site);
  }

  #heated(site, scene) {
    const there = scene.baths.find((bath) => bath.site === site);
    if (there) this.#say(`Site ${site} has a bath already, ${there.name}.`);
    return there ? undefined : withBath(this.#values, site);
  }

  #taken(site, bond, scene) {
    const bath = scene.baths.find((each) => each.site === site);
    if (bath) {
      if (scene.baths.length > fewest) return withoutBath(this.#values, bath.name);
      this.#say('A network needs a bath.');
    } else if (bond) return withoutBond(this.#values, scene, bond);
    return undefined;
  }
}
