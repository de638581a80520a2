// The page: puts state, server and drawings together.

import { api, onReachability, onTokenLost, ServerError } from './api.js';
import { Store, experimentOf, sweepOf, fromExperiment } from './state.js';
import { stateOf, linkOf, readLink } from './link.js';
import { learn, models, modelOf, fieldOf, isSampled, twinKind } from './models.js';
import { Asking } from './asking.js';
import { Curves } from './curve-view.js';
import { Controls } from './controls.js';
import { Scene } from './scene.js';
import { DrawingTools } from './drawing-tools.js';
import { Runs } from './runs.js';
import { Studies } from './studies.js';
import { exportButtons } from './export.js';
import { bindRunSetting } from './sliders.js';
import { Theme, Banner, copy, listenToHelp, listenToKeys, closeBeside } from './shell.js';
import { capital } from './verdict.js';
import { element, refusalWords } from './format.js';

const find = (id) => document.getElementById(id);
const banner = new Banner(find('banner'));
let presets = [];

/** A fault in words: at the controls it names, else in the banner. */
function tell(error) {
  if (error?.name === 'AbortError' || error?.gone) return;
  if (error?.status !== 401) banner.show(refusalWords(error), 8);
}

async function guarded(action) {
  try {
    return await action();
  } catch (error) {
    tell(error);
    return undefined;
  }
}

/** The examples, once the server has told which kinds there are. */
async function presetsWhenThere() {
  for (;;) {
    try {
      const usable = (await api.presets()).filter((preset) => preset.name && preset.experiment?.medium);
      if (!usable.length) throw new ServerError('the server knows no example');
      learn(await api.schema(), usable);
      return usable;
    } catch (error) {
      if (error.status === 401) location.reload();
      banner.show('The server does not answer. Trying again …');
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

class Page {
  #settled;
  #linkTimer;
  #lastLink = '';

  constructor(store) {
    this.store = store;
    this.view = new Curves({ store, find });
    this.controls = new Controls(find('controls'), find('axis'), store, (hbar) => this.setHbar(hbar));
    this.scene = new Scene({
      canvas: find('scene'), note: find('scene-note'), counter: find('heat-counter'), onFrame: (frame) => this.view.setFrame(frame),
    });
    this.drawing = new DrawingTools({ box: find('draw'), scene: this.scene, onValues: (values) => this.store.setValues(values) });
    this.runs = new Runs({
      list: find('runs'), line: find('run-line'), progress: find('run-progress'), button: find('simulate'), store,
      onChange: () => this.view.setRuns(this.runs), onEnd: () => guarded(() => this.studies.refresh()),
      onLoad: (experiment) => this.load(experiment), onFault: tell,
    });
    this.studies = new Studies({
      list: find('studies'), search: find('study-search'), article: find('study'),
      onLoad: (experiment) => this.load(experiment), onFault: tell,
    });
    this.theme = new Theme(find('theme'), () => this.scene.recolour());
    this.asking = new Asking(this);
    store.subscribe((state, how) => this.#changed(state, how));
    this.#listen();
  }

  /** Shows the state for the first time. */
  begin() {
    this.#changed(this.store.state, 'load');
    guarded(() => this.runs.refresh());
    guarded(() => this.studies.refresh());
    guarded(async () => {
      const about = await api.about();
      this.runs.areKept = about.storeIsWritable !== false;
      find('about').textContent = `Ness ${about.ness ?? ''}, store ${about.store ?? ''}${about.storeIsWritable === false ? ' (cannot be written: simulations are not kept)' : ''}.`;
    });
  }

  #changed(state, how) {
    this.controls.show(state);
    this.drawing.show(state);
    this.#showModels(state);
    const moving = how === 'move';
    this.view.setState(state, moving);
    this.asking.ask(state, moving, how === 'load' || how === 'back');
    this.#showScene(state);
    clearTimeout(this.#settled);
    if (moving) this.#settled = setTimeout(() => { this.view.setState(state, false); this.asking.ask(state, false); }, 260);
    this.runs.stateChanged(state);
    if (how !== 'set') this.#sayOfRun('');
    this.view.setRuns(this.runs);
    this.#writeLink(state, how);
  }

  #showScene(state) {
    const pace = Number(find('speed').value);
    this.scene.know({ values: state.values });
    this.scene.show(state.values, experimentOf(state), pace);
    find('speed-row').hidden = !isSampled(state.values);
  }

  #writeLink(state, how) {
    clearTimeout(this.#linkTimer);
    const write = () => {
      const link = linkOf(state, presets);
      if (link === this.#lastLink) return;
      if (how === 'load' && this.#lastLink) history.pushState(null, '', link);
      else history.replaceState(null, '', link);
      this.#lastLink = link;
    };
    if (how === 'move') this.#linkTimer = setTimeout(write, 300);
    else if (how !== 'back') write();
    else this.#lastLink = location.hash;
  }

  #showModels(state) {
    const model = modelOf(state.values, state.preset);
    const row = find('models');
    for (const button of row.children) {
      const chosen = button.dataset.model === model?.name;
      button.setAttribute('aria-pressed', String(chosen));
      // On a phone the row is wider than the window: the chosen model is brought into it.
      if (chosen && row.scrollWidth > row.clientWidth) row.scrollLeft = button.offsetLeft - row.offsetLeft - 16;
    }
    find('preset').value = state.preset;
    const preset = presets.find((each) => each.name === state.preset);
    document.title = `Ness: ${preset?.title ?? 'heat currents'}`;
    find('help-about').textContent = preset?.about ?? '';
  }

  /** ħ from one twin to the other: 0 is the classical one. */
  setHbar(hbar) {
    this.#toTwin(hbar);
  }

  toggleQuantum() {
    if (twinKind(this.store.state.values)) this.#toTwin();
    else this.chooseModel(models.find((model) => twinKind({ 'medium.kind': model.medium }))?.name);
  }

  /** To the same system by the other mechanics, unless something else was chosen meanwhile. */
  async #toTwin(hbar) {
    const { state } = this.store;
    const answer = await guarded(() => api.twin(experimentOf(state), { hbar }));
    if (answer?.twin && state === this.store.state) this.#replaceByTwin(fromExperiment(answer.twin).values);
  }

  #replaceByTwin(values) {
    const { state } = this.store;
    const preset = presetFor(modelOf(values)) ?? presets.find((each) => each.name === state.preset);
    const axis = fieldOf(values, state.axis.parameter)?.symbol ? state.axis : stateOf(preset).axis;
    this.store.update({ values, axis, preset: preset.name, title: preset.title ?? state.title, view: { ...state.view, hidden: [], tab: '' } }, 'load');
  }

  async chooseModel(name) {
    const model = models.find((each) => each.name === name);
    const { state } = this.store;
    const present = modelOf(state.values, state.preset);
    if (!model || present === model) return;
    this.#left.set(present, state);
    if (twinKind(state.values) === model.medium) {
      const answer = await guarded(() => api.twin(experimentOf(state)));
      const values = answer?.twin && fromExperiment(answer.twin).values;
      if (values && modelOf(values) === model) {
        if (state === this.store.state) this.#replaceByTwin(values);
        return;
      }
    }
    const preset = presetFor(model);
    if (preset) this.store.update(this.#left.get(model) ?? stateOf(preset), 'load');
  }

  /** Models as they were left: who comes back finds the parameters, and so the simulations, as they were. */
  #left = new Map();

  choosePreset(name) {
    const preset = presets.find((each) => each.name === name);
    if (preset) this.store.update(stateOf(preset), 'load');
  }

  /** An experiment from a run or a study into the sliders. */
  load(experiment) {
    const { values, axis, title, seed, device } = fromExperiment(experiment);
    const preset = presetFor(modelOf(values)) ?? presets[0];
    this.store.update({ ...stateOf(preset), values, axis, seed, device, title: title ?? preset.title }, 'load');
    window.scrollTo({ top: 0 });
  }

  /** What is wrong with a simulation that was wanted. */
  #sayOfRun(words) {
    find('run-fault').textContent = words;
  }

  async simulate() {
    if (find('simulate').disabled) return;
    banner.show('');
    this.#sayOfRun('');
    try {
      await this.runs.startOrStop(this.view.curve);
    } catch (error) {
      if (error.gone || error.status === 401) return;
      const others = error.faults?.length ? this.controls.showFaults(error.faults) : [];
      if (!error.faults?.length || others.length) this.#sayOfRun(capital(refusalWords(error.faults?.length ? { faults: others } : error)));
      else this.#sayOfRun('Not started: see the control that is marked.');
    }
  }

  #listen() {
    find('models').append(...models.map((model) => element('button', {
      type: 'button', 'data-model': model.name, 'aria-pressed': 'false', text: model.title, onclick: () => this.chooseModel(model.name),
    })));
    find('preset').replaceChildren(...presets.map((preset) => element('option', { value: preset.name, text: preset.title ?? preset.name })));
    find('preset').addEventListener('change', (event) => this.choosePreset(event.target.value));
    find('simulate').addEventListener('click', () => this.simulate());
    find('speed').addEventListener('input', () => this.#showScene(this.store.state));
    find('scene-pause').addEventListener('click', () => this.pause());
    this.#showPause();
    const onWords = (words) => this.#sayOfRun(words);
    bindRunSetting(this.store, find('run-points'), { key: 'points', factor: 1, least: 1, most: 40, onWords });
    bindRunSetting(this.store, find('run-error'), { key: 'error', factor: 0.01, least: 0.01, most: 50, onWords });
    find('export').append(...exportButtons(() => this.#exported(), tell));
    find('copy-link').addEventListener('click', () => this.#copyLink());
    window.addEventListener('popstate', () => this.#restore());
    onReachability((there) => this.#reachability(there));
    onTokenLost(() => banner.show('The server was started anew and does not know this page. Load it again, and enter the token of the address that ness serve printed; the sliders stay where they are.'));
    listenToHelp(find('help'), find('help-open'), find('help-close'));
    closeBeside(find('code'));
    listenToKeys({
      s: () => this.simulate(), '?': () => find('help').showModal(), d: () => this.theme.toggle(), l: () => this.controls.axis.toggleLogLog(),
      c: () => this.toggleQuantum(), p: () => this.pause(), '/': () => find('study-search').focus(),
    }, find('keys-on'));
    find('skip').addEventListener('click', (event) => {
      // The address holds the state: it must not become the name of a place on the page.
      event.preventDefault();
      find('verdict').focus();
      find('verdict').scrollIntoView();
    });
  }

  pause() {
    this.scene.setPaused(!this.scene.paused);
    this.#showPause();
  }

  #showPause() {
    find('scene-pause').textContent = this.scene.paused ? 'Play' : 'Pause';
    find('scene-pause').setAttribute('aria-pressed', String(this.scene.paused));
  }

  #restore() {
    if (location.hash === this.#lastLink) return;
    const { state, faults } = readLink(location.hash, presets);
    showLinkFaults(faults);
    this.store.update(state, 'back');
  }

  /** What is given away: the experiment as it stands. */
  async #exported() {
    const { state } = this.store;
    const sweep = sweepOf(state, state.run.points);
    const answer = await api.complete(experimentOf(state, { run: { seed: state.seed, targetError: state.run.error }, sweep }));
    if (typeof answer.file !== 'string') throw new ServerError('the server gave no file');
    return { title: state.title, file: answer.file, isSampled: isSampled(state.values), error: state.run.error, quantity: this.view.answered, device: state.device?.kind };
  }

  async #copyLink() {
    const button = find('copy-link');
    const done = await copy(location.href);
    if (!done) banner.show(location.href, 20);
    button.textContent = done ? 'Copied' : 'Link';
    setTimeout(() => { button.textContent = 'Link'; }, 2500);
  }

  #reachability(there) {
    if (there) {
      banner.show('');
      clearInterval(this.waiting);
      this.asking.again();
      guarded(() => this.runs.refresh());
      guarded(() => this.studies.refresh());
      return;
    }
    banner.show('The server does not answer. Is “ness serve” still running? Trying again every two seconds …');
    clearInterval(this.waiting);
    this.waiting = setInterval(() => api.about().catch(() => {}), 2000);
  }
}

/** The example of a model. */
function presetFor(model) {
  return presets.find((preset) => preset.name === model?.name);
}

function showLinkFaults(faults) {
  if (faults.length) banner.show(`The link cannot be read in full: ${faults.join('; ')}. Defaults are shown instead.`, 15);
}

presets = await presetsWhenThere();
banner.show('');
const { state, faults } = readLink(location.hash, presets);
showLinkFaults(faults);
new Page(new Store(state)).begin();
