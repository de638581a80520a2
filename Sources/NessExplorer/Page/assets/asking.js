// Which theory the page needs for a state: the curve, the marked point, the device of the file, and the classical limit of a quantum model.

import { api } from './api.js';
import { experimentOf, fromExperiment, spaced, sweepOf } from './state.js';
import { fieldOf, twinKind } from './models.js';
import { refusalWords } from './format.js';
import { LatestOnly, PointBudget, askCurve, askPoint } from './theory.js';

/** How long a curve may take [ms] while a slider moves, and at rest. */
const whileMoving = 45;
const atRest = 2000;
/** At how many values along the axis a device is judged. */
const devicePoints = 40;

/** A sweep with the marked value among its own. */
function withMark({ parameter, values, from, to, points, scale }, state) {
  const places = values ?? spaced(from, to, points, scale);
  const mark = state.values[parameter];
  const isWithin = mark > Math.min(...places) && mark < Math.max(...places);
  return { parameter, values: isWithin ? [...new Set([...places, mark])].sort((one, other) => one - other) : places };
}

export class Asking {
  #budget = new PointBudget();
  #askedCurve;
  #askedPoint;
  #askedDevice;
  #busy;
  #curves;
  #points;
  #devices;
  #twins;
  #limits;

  /** Answers go to the `view`, the `scene` and the `controls` of the page. */
  constructor({ store, view, scene, controls }) {
    Object.assign(this, { store, view, scene, controls });
    this.#curves = new LatestOnly(askCurve, {
      onAnswer: (document, question, time) => this.#curveCame(document, question, time), onFault: (error) => this.#curveFailed(error),
    });
    this.#points = new LatestOnly(askPoint, {
      onAnswer: (document, question) => this.#pointCame(document, question), onFault: (error) => this.#pointFailed(error),
    });
    this.#devices = new LatestOnly(askCurve, {
      onAnswer: ({ device }) => this.view.setDevice(device), onFault: (error) => this.#deviceFailed(error),
    });
    this.#twins = new LatestOnly(({ experiment }, signal) => api.twin(experiment, { signal }), {
      onAnswer: (answer, question) => this.#twinCame(answer, question), onFault: () => this.view.setLimit(undefined),
    });
    this.#limits = new LatestOnly(askCurve, {
      onAnswer: (document, question) => this.view.setLimit(document, question.factor), onFault: () => this.view.setLimit(undefined),
    });
  }

  /** Asks everything anew, after the server was away. */
  again() {
    this.#askedCurve = this.#askedPoint = this.#askedDevice = undefined;
    this.ask(this.store.state, false);
  }

  /** Asks for what the state needs; nothing if it was asked already. `urgent`: what is on its way is of no use any more. */
  ask(state, moving, urgent = false) {
    const model = PointBudget.key(state.values);
    const points = moving ? this.#budget.points(model, whileMoving, 16, 60) : this.#budget.points(model, atRest, 24, 120);
    const experiment = experimentOf({ ...state, values: this.#withoutMark(state) }, { sweep: sweepOf(state, points) });
    const { quantities } = this.view;
    const key = JSON.stringify([experiment, quantities]);
    if (key !== this.#askedCurve) {
      this.#askedCurve = key;
      this.#curves.request({ experiment, quantities, points, state, model, moving }, urgent);
      clearTimeout(this.#busy);
      this.#busy = setTimeout(() => this.view.setBusy(!this.#curves.idle), 500);
      this.#askLimit(state, points);
    }
    if (!moving) this.#askDevice(state, urgent);
    const point = experimentOf(state);
    const pointKey = JSON.stringify(point);
    if (pointKey === this.#askedPoint) return;
    this.#askedPoint = pointKey;
    this.#points.request({ experiment: point, state }, urgent);
  }

  /** What the device does is asked when the sliders rest: it takes several curves. Which bath is which follows from the marked value too. */
  #askDevice(state, urgent) {
    if (urgent) this.view.setDevice(undefined);
    if (!state.device) return;
    const experiment = experimentOf(state, { sweep: withMark(sweepOf(state, devicePoints), state), isDevice: true });
    const key = JSON.stringify(experiment);
    if (key === this.#askedDevice && !urgent) return;
    this.#askedDevice = key;
    this.#devices.request({ experiment }, true);
    setTimeout(() => { if (!this.#devices.idle) this.view.setDevice(undefined); }, 500);
  }

  #deviceFailed(error) {
    if (!error.gone && ![401, 503].includes(error.status)) this.view.setDevice({ fault: refusalWords(error) });
  }

  /** The value of the swept parameter does not matter to the curve; a fixed one keeps equal questions equal. */
  #withoutMark(state) {
    const { parameter, to } = state.axis;
    return { ...state.values, [parameter]: fieldOf(state.values, parameter)?.integer ? Math.max(1, Math.round(to)) : to };
  }

  #askLimit(state, points) {
    if (twinKind(state.values)) this.#twins.request({ experiment: experimentOf(state), state, points });
    else this.view.setLimit(undefined);
  }

  #twinCame({ classicalLimit }, { state, points }) {
    const values = classicalLimit && fromExperiment(classicalLimit.experiment).values;
    if (!values || !fieldOf(values, state.axis.parameter)) {
      this.view.setLimit(undefined);
      return;
    }
    const experiment = experimentOf({ ...state, values }, { sweep: sweepOf(state, points) });
    this.#limits.request({ experiment, quantities: ['heatCurrent'], factor: classicalLimit.factor });
  }

  #curveCame(document, question, time) {
    this.#budget.learn(question.model, time, question.points);
    const more = this.#budget.points(question.model, atRest, 24, 120);
    if (!question.moving && question.state === this.store.state && more > 1.5 * question.points) this.ask(question.state, false);
    this.#curves.patience = Math.max(600, 3 * time);
    this.#showFaults({ curve: [] });
    this.view.setCurve(document, question.state);
    this.scene.know({ share: this.view.shareOfLargest() });
  }

  #curveFailed(error) {
    // The banner tells.
    if (error.gone || error.status === 401) return;
    if (error.status === 503) {
      this.view.setFault('The server is busy. Asking again …', '');
      return;
    }
    const others = this.#showFaults({ curve: error.faults });
    const named = error.faults.length > others.length;
    this.view.setFault(named ? 'This value is not possible; see the control marked with it.' : 'No curve for these values.',
      others.map((fault) => refusalWords({ faults: [fault] })).join('; ') || (named ? '' : error.message));
  }

  /** The curve and the marked point are asked apart: a control is marked by either. */
  #showFaults(found) {
    Object.assign(this.#faults, found);
    const { curve, point } = this.#faults;
    const keys = new Set(curve.map((fault) => fault.key));
    return this.controls.showFaults([...curve, ...point.filter((fault) => !keys.has(fault.key))]);
  }

  #faults = { curve: [], point: [] };

  #pointFailed(error) {
    if (!error.gone && error.status !== 401) this.#showFaults({ point: error.faults });
    this.view.setPoint(undefined, undefined);
    this.scene.know({ exact: [], populations: [], transitions: [], heats: {}, share: this.view.shareOfLargest() });
  }

  #pointCame(document, { state }) {
    this.#showFaults({ point: [] });
    const point = document?.points?.[0];
    this.view.setPoint(point && { ...point, methods: document.methods }, state);
    this.scene.know({
      exact: this.view.exactProfile(), populations: this.view.populations(), share: this.view.shareOfLargest(),
      transitions: this.view.transitions(), heats: this.view.heats(),
    });
  }
}
