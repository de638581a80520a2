// The picture in motion: asks the server for frames, plays them smoothly, and says how much heat went where.

import { lines } from './api.js';
import { palette } from './palette.js';
import { ChainPicture, between } from './scene-chain.js';
import { BoxPicture, Flights } from './scene-box.js';
import { LevelPicture } from './scene-levels.js';
import { GraphPicture } from './scene-graph.js';
import { PartsPicture } from './scene-parts.js';
import { numberText, refusalWords } from './format.js';
import { isSampled, pictureOf, valueAt } from './models.js';

const still = window.matchMedia('(prefers-reduced-motion: reduce)');

export class Scene {
  #pictures = { sites: new ChainPicture(), graph: new GraphPicture(), flights: new BoxPicture(), levels: new LevelPicture(), parts: new PartsPicture() };
  #frames = [];
  #flights = new Flights();
  #phase = 0;
  #last = 0;
  #visible = true;
  #content = { values: {}, share: 0, exact: [], populations: [], transitions: [] };

  constructor({ canvas, note, counter, onFrame }) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.note = note;
    this.counter = counter;
    this.onFrame = onFrame;
    this.colours = palette();
    this.paused = still.matches;
    new ResizeObserver(() => this.#size()).observe(canvas.parentElement);
    new IntersectionObserver((entries) => { this.#visible = entries.at(-1).isIntersecting; this.#resume(); }).observe(canvas);
    document.addEventListener('visibilitychange', () => this.#resume());
    this.#size();
  }

  recolour() {
    this.colours = palette();
    this.#paint();
  }

  /** What theory knows: `share` of the largest current of the curve, exact temperatures, populations. */
  know(content) {
    this.#content = { ...this.#content, ...content };
    if (this.#stopped()) this.#paint();
  }

  /** Another system, or another speed: the stream begins anew shortly after the last change. */
  show(values, experiment, pace) {
    const key = JSON.stringify([experiment.medium, experiment.baths, pace]);
    if (key === this.#key) return;
    this.#key = key;
    this.#isPresent = false;
    this.#content.values = values;
    this.#isSampled = isSampled(values);
    this.#experiment = experiment;
    this.#pace = 10 ** ((pace - 50) / 33);
    clearTimeout(this.#timer);
    const picture = pictureOf(values) ?? (valueAt(values, 'medium.parts') ? 'parts' : undefined);
    if (picture !== this.#picture) this.#clear(picture);
    this.#timer = setTimeout(() => this.#connect(), 200);
    this.#resume();
  }

  #isSampled = true; #key; #experiment; #pace = 1; #speed = 1; #timer; #picture; #abort; #scene; #clock = 0; #frameRequest;

  /** Marks a site of a network, or none. */
  mark(site) {
    this.know({ marked: site });
  }

  /** What of a network is seen at a place, in pixels: `{site}` or `{bond: [i, j]}`, with its `scene`; undefined while another one comes. */
  pick(x, y) {
    const found = this.#isPresent ? this.#pictures[this.#picture]?.pick?.(x, y) : undefined;
    return found && { ...found, scene: this.#scene };
  }

  #isPresent = false;

  setPaused(paused) {
    this.paused = paused;
    this.#resume();
    this.#paint();
  }

  #stopped() {
    return this.paused || document.hidden || !this.#visible;
  }

  #resume() {
    if (this.#stopped()) {
      this.#abort?.abort();
      this.#abort = undefined;
      cancelAnimationFrame(this.#frameRequest);
      this.#frameRequest = undefined;
      return;
    }
    if (!this.#abort && this.#experiment) this.#connect();
    this.#last = performance.now();
    this.#frameRequest ??= requestAnimationFrame((now) => this.#step(now));
  }

  #clear(picture) {
    this.#picture = picture;
    this.#scene = undefined;
    this.#frames = [];
    this.#flights = new Flights();
    this.counter.textContent = '';
    this.#say('');
  }

  async #connect() {
    this.#abort?.abort();
    this.#abort = undefined;
    if (!this.#picture) this.#say('There is no picture of this medium.');
    if (!this.#picture || !this.#isSampled || this.#stopped()) return;
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const query = new URLSearchParams({ pace: String(this.#pace) });
      for await (const line of lines(`api/scene?${query}`, this.#experiment, abort.signal)) this.#take(line);
      if (this.#abort === abort) this.#abort = undefined;
      if (!abort.signal.aborted) this.#again(1000);
    } catch (error) {
      if (error.name === 'AbortError' || abort.signal.aborted) return;
      // A value that cannot be is told at its control; here it says that nothing moves, not more.
      this.#say(error.status !== 422 ? '' : error.faults?.length ? 'No picture for these values.' : refusalWords(error));
      if (error.status !== 422) this.#again(1000 * Math.max(2, error.retryAfter ?? 0));
    }
  }

  #again(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  #take(line) {
    if (line.kind) {
      this.#scene = line;
      this.#isPresent = true;
      this.#speed = this.#pace * (line.naturalSpeed > 0 ? line.naturalSpeed : 1);
      this.#frames = [];
      this.#flights = new Flights();
      this.#say('');
    } else if (Number.isFinite(line.time) && this.#scene) {
      if (!this.#frames.length) this.#clock = line.time;
      this.#frames.push(line);
      this.#flights.add(line);
      if (this.#frames.length > 40) this.#frames.splice(0, 20);
      this.onFrame(line);
      this.#count(line);
    } else if (typeof line.message === 'string') this.#say(line.message);
  }

  #count(frame) {
    const baths = Array.isArray(this.#scene.baths) ? this.#scene.baths : [];
    const received = baths.map((bath, index) => `${bath.name} ${numberText(frame.heat?.[index] ?? NaN, 3)}`).join(', ');
    this.counter.textContent = `Energy received since t = 0 from the baths: ${received}; t = ${numberText(frame.time, 3)}`;
  }

  #say(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  #step(now) {
    const passed = Math.min(0.1, (now - this.#last) / 1000);
    this.#last = now;
    const newest = this.#frames.at(-1);
    if (newest) {
      const wanted = newest.time - 0.12 * this.#speed;
      this.#clock += passed * this.#speed;
      this.#clock += (wanted - this.#clock) * Math.min(1, 2 * passed);
      this.#clock = Math.min(this.#clock, newest.time);
    }
    const share = this.#content.share;
    if (!still.matches && Number.isFinite(share)) this.#phase += passed * 2.4 * Math.sign(share) * Math.sqrt(Math.min(1, Math.abs(share)));
    this.#paint();
    this.#frameRequest = requestAnimationFrame((next) => this.#step(next));
  }

  #size() {
    const box = this.canvas.parentElement.getBoundingClientRect();
    const ratio = Math.min(2.5, window.devicePixelRatio || 1);
    this.width = Math.max(200, box.width);
    this.height = Math.max(120, box.height);
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#paint();
  }

  #paint() {
    const { context, width, height, colours } = this;
    context.clearRect(0, 0, width, height);
    const common = { ...this.#content, width, height, colours, phase: this.#phase };
    const picture = this.#pictures[this.#picture];
    if (!picture) return;
    const { values } = this.#content;
    const system = { parts: valueAt(values, 'medium.parts'), hamiltonian: valueAt(values, 'medium.hamiltonian') };
    if (!this.#isSampled) picture.draw(context, { ...common, system });
    else if (this.#scene && this.#scene.picture === this.#picture && this.#frames.length) {
      picture.draw(context, { ...common, scene: this.#scene, ...this.#moment() });
    }
  }

  #moment() {
    if (this.#picture === 'flights') return { flights: this.#flights, time: this.#clock, span: 3.2 * this.#speed };
    const after = this.#frames.findIndex((frame) => frame.time >= this.#clock);
    const index = after < 0 ? this.#frames.length - 1 : Math.max(1, after);
    const one = this.#frames[Math.max(0, index - 1)];
    const rings = (this.#scene.baths ?? []).filter((bath) => bath.ring > 0).map((bath) => bath.ring);
    return { frame: between(one, this.#frames[index] ?? one, this.#clock, rings) };
  }
}
