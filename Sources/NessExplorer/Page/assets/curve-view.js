// From documents to what is drawn: the large chart with its words, legend and readout, and the small chart.

import { Chart } from './chart.js';
import { Detail, quantitiesWhenOpen, wantedQuantities } from './detail.js';
import { curvesOf, isTheory, bestMethod, bestProfile, methodTitle, refusalsOf, valueAt } from './curves.js';
import { answer, simulatedAnswer, verdictText, capital } from './verdict.js';
import { deviceWords } from './device.js';
import { fieldOf, isTemperature, bathNames, currentsOf, currentSymbol } from './models.js';
import { element, sentence, symbolNode, numberText, estimateText, rounded } from './format.js';

/** Styles of the approximations beside the best theory, in their order. */
const others = ['other-1', 'other-2', 'other-3'];

export class Curves {
  curve;
  #point;
  #device;
  #limit;
  #runs = [];
  #measured;
  #moving = false;
  #frame;
  #scheduled = false;
  #curveState;

  constructor({ store, find }) {
    this.store = store;
    this.nodes = Object.fromEntries(['headline', 'subline', 'measured', 'judged', 'legend', 'refusals', 'readout', 'chart'].map((id) => [id, find(id)]));
    this.chart = new Chart(this.nodes.chart, { onMark: (x) => this.#mark(x), onHover: (x, place) => this.#hover(x, place) });
    this.detail = new Detail(find('detail-tabs'), find('detail-chart'), find('detail-caption'), (tab) => {
      store.update({ view: { ...store.state.view, tab } });
    });
  }

  /** What curves of the present state must carry. */
  get quantities() {
    const { values, axis } = this.store.state;
    const families = currentsOf(values, axis.parameter).map((quantity) => quantity.split('.')[0]);
    return [...new Set([...families, ...wantedQuantities, ...quantitiesWhenOpen(this.store.state)])];
  }

  /** The quantity of the large chart that a theory answers; undefined if none does. */
  get answered() {
    const { values, axis } = this.store.state;
    return currentsOf(values, axis.parameter).find((quantity) => bestMethod(curvesOf(this.curve, axis.parameter, quantity)));
  }

  setState(state, moving) {
    this.#moving = moving;
    this.#schedule();
  }

  setCurve(document, state) {
    this.curve = document;
    this.#curveState = state;
    this.#fault = undefined;
    this.setBusy(false);
    this.#schedule();
  }

  setPoint(point, state) {
    this.#point = state ? point : undefined;
    this.#schedule();
  }

  /** What the device of the file does: the report of the server, or why there is none as `{fault}`; undefined while it is on its way. */
  setDevice(device) {
    this.#device = device;
    this.#schedule();
  }

  setLimit(document, factor = 1) {
    this.#limit = document && { document, factor };
    this.#schedule();
  }

  setRuns(runs) {
    this.#runs = runs.drawn();
    this.#measured = runs.measuredVerdict();
    this.#schedule();
  }

  setFrame(frame) {
    this.#frame = frame;
    const now = performance.now();
    if (now - this.#frameDrawn < 250) return;
    this.#frameDrawn = now;
    if (this.detail.last) this.detail.draw({ ...this.detail.last, frame });
  }

  /** Old curves are dimmed while new ones take long. */
  setBusy(busy) {
    this.nodes.chart.classList.toggle('busy', busy);
    this.nodes.headline.classList.toggle('busy', busy);
  }

  setFault(headline, subline) {
    this.#fault = { headline, subline, tone: 'refused' };
    this.setBusy(false);
    this.#schedule();
  }

  #fault;
  #frameDrawn = 0;

  /** The current at the mark as a share of the largest on the curve: how strongly heat is drawn to flow. */
  shareOfLargest() {
    const { state } = this.store;
    const best = bestMethod(curvesOf(this.curve, state.axis.parameter, 'heatCurrent'));
    if (!best) return NaN;
    const largest = Math.max(...best.points.map((point) => Math.abs(point.y)).filter(Number.isFinite));
    return valueAt(best.points, state.values[state.axis.parameter]) / largest;
  }

  exactProfile() {
    return bestProfile(this.#point, 'kineticTemperature');
  }

  populations() {
    return bestProfile(this.#point, 'population');
  }

  /** The heat from every bath by the best theory, by its name. */
  heats() {
    const point = this.#point;
    const method = (point?.methods ?? []).find((each) => isTheory(each.validity) && point.estimates.some((estimate) => estimate.method === each.method && estimate.quantity.startsWith('heatFrom')))?.method;
    return Object.fromEntries((point?.estimates ?? []).filter((each) => each.method === method && each.quantity.startsWith('heatFrom.'))
      .map((each) => [each.quantity.slice('heatFrom.'.length), each.value]));
  }

  /** Which pairs of levels carry the heat of every bath: `[{bath, lower, upper, heat}]`. */
  transitions() {
    return (this.#point?.levels ?? []).flatMap((bath) => bath.flows.map((flow) => ({ bath: bath.name, ...flow })));
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => { this.#scheduled = false; this.#draw(); });
  }

  #draw() {
    const { state } = this.store;
    const { axis, values, view } = state;
    const fits = this.#curveState?.axis.parameter === axis.parameter;
    const all = fits ? this.#drawn() : [];
    const words = this.#fault ?? (fits && this.curve ? this.#answer() : undefined);
    const shown = all.filter((curve) => this.#isShown(curve, view));
    this.chart.draw({
      axis, yKind: view.y, curves: shown, answer: words, runs: this.#runs, mark: values[axis.parameter], moving: this.#moving,
      warm: isTemperature(axis.parameter), equalAt: otherTemperature(values, axis.parameter), symbol: currentSymbol(currentsOf(values, axis.parameter)[0]),
      ...this.#labels(state),
    });
    this.nodes.chart.classList.toggle('old', Boolean(this.#fault));
    this.#say(words);
    this.#sayDevice(fits ? deviceWords({ state, curve: this.curve, device: this.#device, said: words?.subline }) : '');
    this.#showLegend(all, view);
    this.#showRefusals(fits ? refusalsOf(this.curve, axis.parameter, currentsOf(values, axis.parameter)) : [], state, all.length > 0, words);
    this.detail.draw({ state, curve: fits ? this.curve : undefined, point: this.#point, device: this.#device, frame: this.#frame });
  }

  /** What theory says; where it refuses, what simulation says. */
  #answer() {
    const words = answer(this.curve, this.#curveState);
    return words.tone === 'refused' && this.#measured ? simulatedAnswer(this.#measured, this.#curveState, words) : words;
  }

  #labels({ axis, values, view }) {
    const field = fieldOf(values, axis.parameter);
    const unit = field?.unit ? ` [${field.unit}]` : '';
    const name = isTemperature(axis.parameter) ? `temperature of the ${axis.parameter.split('.')[1]} bath` : field?.name ?? '';
    const what = currentsOf(values, axis.parameter)[0] === 'heatCurrent' ? 'heat current' : 'heat from each bath';
    return {
      xLabel: `{${field?.symbol ?? ''}}  ${name}${unit}`,
      yLabel: view.y === 'log' ? `|{J}|  ${what} [energy/time]` : `{J}  ${what} [energy/time]`,
    };
  }

  /** The curves of the present state: every method between two baths, else the best one of each bath. */
  #drawn() {
    const { values, axis } = this.store.state;
    const [quantity, ...more] = currentsOf(values, axis.parameter);
    if (quantity === 'heatCurrent') return this.#styled(curvesOf(this.curve, axis.parameter, quantity));
    const first = bestMethod(curvesOf(this.curve, axis.parameter, quantity));
    return [quantity, ...more].flatMap((each, index) => {
      const best = bestMethod(curvesOf(this.curve, axis.parameter, each));
      const how = best && (!index || best.method !== first?.method) ? `: ${methodTitle(best.method, this.curve)}` : '';
      const title = `heat from ${each.split('.')[1]}${how}`;
      return best ? [{ ...best, name: each, title, style: index ? others[Math.min(index, others.length) - 1] : 'exact', aside: false }] : [];
    });
  }

  /** The best curve is drawn as the exact one; the classical limit of a quantum model lies faintly beside it. */
  #styled(curves) {
    const best = bestMethod(curves);
    const rest = curves.filter((curve) => curve !== best && curve.validity !== 'printed');
    const styleOf = (curve) => {
      if (curve === best) return 'exact';
      return curve.validity === 'printed' ? 'printed' : others[Math.min(rest.indexOf(curve), others.length - 1)];
    };
    const styled = curves.map((curve) => ({
      ...curve, name: curve.method, title: methodTitle(curve.method, this.curve), style: styleOf(curve),
      aside: curve.validity === 'printed',
    }));
    if (this.#limit) {
      const points = bestMethod(curvesOf(this.#limit.document, this.store.state.axis.parameter, 'heatCurrent', this.#limit.factor))?.points;
      if (points) styled.push({ name: 'classical', method: 'classical', title: limitTitle(this.#limit.factor), style: 'classical', points });
    }
    return styled;
  }

  /** A formula as printed is hidden at first. */
  #isShown({ name, aside }, view) {
    return aside ? view.shown.includes(name) : !view.hidden.includes(name);
  }

  #say(words) {
    if (!words) return;
    const measured = this.#measured ? `Simulated: ${verdictText(this.#measured)}.` : '';
    const key = words.headline + words.subline + measured;
    if (key === this.#said) return;
    this.#said = key;
    this.nodes.headline.replaceChildren(...sentence(words.headline));
    this.nodes.headline.dataset.tone = words.tone;
    this.nodes.headline.setAttribute('aria-live', this.#moving ? 'off' : 'polite');
    this.nodes.subline.replaceChildren(...sentence(words.subline));
    this.nodes.measured.replaceChildren(...sentence(measured));
    this.nodes.measured.hidden = !measured;
    this.nodes.chart.setAttribute('aria-label', `Heat current. ${this.nodes.headline.textContent}`);
  }

  #said = '';

  #sayDevice(words) {
    if (words === this.#saidOfDevice) return;
    this.#saidOfDevice = words;
    this.nodes.judged.replaceChildren(...sentence(words));
    this.nodes.judged.hidden = !words;
  }

  #saidOfDevice = '';

  #showLegend(curves, view) {
    const entries = curves.map((curve) => ({ ...curve, on: this.#isShown(curve, view) }));
    const key = JSON.stringify(entries.map((entry) => [entry.name, entry.style, entry.title, entry.on])) + this.#runs.length;
    if (key === this.#legendKey) return;
    this.#legendKey = key;
    const items = entries.map((entry) => element('li', {}, element('button', {
      type: 'button', 'aria-pressed': String(entry.on), 'data-curve': entry.name, onclick: () => this.#toggle(entry),
      title: entry.on ? 'Hide this curve' : 'Show this curve',
    }, swatch(entry.style), element('span', { text: entry.title }))));
    if (this.#runs.length) items.push(element('li', { class: 'plain' }, element('span', { text: 'symbols: simulation; hollow while it goes on' })));
    const focused = document.activeElement?.dataset?.curve;
    this.nodes.legend.replaceChildren(...items);
    if (focused) this.nodes.legend.querySelector(`[data-curve="${focused}"]`)?.focus();
  }

  #legendKey = '';

  #toggle({ name, aside }) {
    const { view } = this.store.state;
    const list = aside ? 'shown' : 'hidden';
    const next = view[list].includes(name) ? view[list].filter((each) => each !== name) : [...view[list], name];
    this.store.update({ view: { ...view, [list]: next } });
  }

  /** What is said above the chart already is not said again. */
  #showRefusals(all, { values, axis }, answered, words) {
    const refusals = all.filter((refusal) => !words?.subline.startsWith(capital(refusal.reason)));
    const symbol = fieldOf(values, axis.parameter)?.symbol ?? '';
    const items = refusals.map((refusal) => {
      const where = refusal.count === refusal.of ? '' : `, for {${symbol}} from ${numberText(refusal.from, 3)} to ${numberText(refusal.to, 3)}`;
      return element('li', {}, ...sentence(`Not drawn${where}: ${refusal.reason}.`));
    });
    const key = items.map((item) => item.textContent).join();
    if (key === this.#refusalKey) return;
    this.#refusalKey = key;
    this.nodes.refusals.replaceChildren(...(answered || items.length < 2 ? items : items.slice(0, 2)));
  }

  #refusalKey = '';

  #mark(x) {
    const { state } = this.store;
    const { parameter } = state.axis;
    const field = fieldOf(state.values, parameter);
    if (!Number.isFinite(x)) return;
    this.store.setValue(parameter, field?.integer ? Math.max(1, Math.round(x)) : Math.max(0, rounded(x)), 'move');
  }

  #hover(x, place) {
    const { readout } = this.nodes;
    const { state } = this.store;
    const { parameter } = state.axis;
    const curves = x === undefined ? [] : this.#drawn().filter((curve) => this.#isShown(curve, state.view));
    const grid = curves[0]?.points ?? [];
    const nearest = grid.reduce((best, point) => (!best || Math.abs(point.x - x) < Math.abs(best.x - x) ? point : best), undefined);
    readout.hidden = !nearest;
    if (!nearest) return;
    const rows = curves.map((curve) => {
      const point = curve.points.find((each) => each.x === nearest.x);
      return point && Number.isFinite(point.y) ? [swatch(curve.style), estimateText(point)] : undefined;
    }).filter(Boolean);
    for (const run of this.#runs) {
      const close = run.points.find((point) => Math.abs(this.chart.x(point.x) - this.chart.x(x)) < 8 && Number.isFinite(point.y));
      if (close) rows.push([element('span', { class: 'swatch symbol-swatch' }), estimateText(close)]);
    }
    readout.replaceChildren(
      element('p', {}, symbolNode(fieldOf(state.values, parameter)?.symbol ?? ''), ` = ${numberText(nearest.x)}`),
      ...rows.map(([sign, text]) => element('p', {}, sign, ` ${text}`)));
    const right = place.left > place.width / 2;
    readout.style.left = right ? 'auto' : `${place.left + 14}px`;
    readout.style.right = right ? `${place.width - place.left + 14}px` : 'auto';
  }
}

function limitTitle(factor) {
  return `classical limit ħ → 0: ${factor === 1 ? '' : `${numberText(factor)} times `}the current of the classical twin`;
}

function swatch(style) {
  return element('span', { class: `swatch ${style}`, 'aria-hidden': 'true' });
}

function otherTemperature(values, parameter) {
  const others = bathNames(values).map((name) => `baths.${name}.temperature`).filter((path) => path !== parameter);
  return others.length === 1 ? values[others[0]] : NaN;
}
