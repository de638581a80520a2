// What the store keeps: a list to search, and one study with its figures, verdicts and origin.

import { api } from './api.js';
import { element, sentence, dateText, durationText, numberText, pathWords } from './format.js';
import { methodTitle } from './curves.js';
import { verdictText, capital } from './verdict.js';
import { isSampled } from './models.js';
import { fromExperiment } from './state.js';
import { exportButtons, fileName } from './export.js';

export class Studies {
  #all = [];
  #open;
  #shown = 12;

  constructor({ list, search, article, onLoad, onFault }) {
    Object.assign(this, { list, search, article, onLoad, onFault });
    search.addEventListener('input', () => this.#showList());
  }

  async refresh() {
    this.#all = await api.studies();
    this.#showList();
  }

  #showList() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.#all.filter((study) => {
      const text = `${study.title} ${(study.parameters ?? []).join(' ')} ${study.id}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const items = found.slice(0, this.#shown).map((study) => this.#item(study));
    if (!found.length) {
      const text = this.#all.length ? 'No kept study has these words.' : 'Nothing is kept yet. What you simulate here, or by ness run, appears here.';
      items.push(element('li', { class: 'empty', text }));
    }
    if (found.length > this.#shown) {
      items.push(element('li', {}, element('button', {
        type: 'button', text: `Show more (${found.length - this.#shown})`, onclick: () => { this.#shown += 24; this.#showList(); },
      })));
    }
    this.list.replaceChildren(...items);
  }

  #item(study) {
    const finished = study.finished === study.points ? `${study.points} results` : `${study.finished} of ${study.points} results`;
    const over = (study.parameters ?? []).map(pathWords).join(', ');
    const facts = [finished, over && `over ${over}`, dateText(study.started)].filter(Boolean).join(' · ');
    return element('li', { class: 'study-item' }, element('button', {
      type: 'button', 'aria-expanded': String(this.#open === study.id), 'data-study': study.id, onclick: () => this.#toggle(study.id),
    }, element('span', { class: 'title', text: study.title || study.id }), ' ', element('span', { class: 'facts', text: facts })));
  }

  async #toggle(id) {
    if (this.#open === id) {
      this.#open = undefined;
      this.article.hidden = true;
      this.#showList();
      return;
    }
    try {
      const study = await api.study(id);
      this.#open = id;
      this.#showStudy(study);
      this.#showList();
      this.article.scrollIntoView({ block: 'nearest' });
      this.list.querySelector(`[data-study="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
    } catch (error) {
      this.onFault(error);
    }
  }

  #showStudy(study) {
    this.article.hidden = false;
    const verdicts = study.document.verdicts.filter((verdict) => verdict.text);
    this.article.replaceChildren(
      element('h3', { text: study.title || study.id }),
      element('div', { class: 'actions' },
        study.experiment ? element('button', { type: 'button', class: 'primary', text: 'Load into the sliders', onclick: () => this.onLoad(study.experiment) }) : null,
        ...(study.file ? exportButtons(async () => exported(study), this.onFault) : [])),
      element('div', { class: 'figures' }, ...study.figures.filter((figure) => figure.kind).map((figure) => this.#figure(study, figure))),
      verdicts.length ? element('ul', { class: 'verdicts' }, ...verdicts.map((verdict) =>
        element('li', {}, element('span', { class: 'method', text: capital(methodTitle(verdict.method, study.document)) }), ...sentence(verdictText(verdict))))) : null,
      verdicts.length ? element('p', { class: 'note', text: '± after a simulation is one standard error; after theory it bounds the numerical error.' }) : null,
      this.#provenance(study.provenance));
  }

  #figure(study, figure) {
    const image = element('img', { alt: `${figure.title ?? figure.kind} of ${study.title}`, loading: 'lazy', src: api.figurePath(study.id, figure.kind, 'svg', 'linear') });
    const scale = element('button', {
      type: 'button', class: 'toggle', 'aria-pressed': 'false', text: 'log-log', onclick: () => {
        const logLog = scale.getAttribute('aria-pressed') !== 'true';
        scale.setAttribute('aria-pressed', String(logLog));
        image.src = api.figurePath(study.id, figure.kind, 'svg', logLog ? 'logLog' : 'linear');
        for (const link of links) link.href = api.figurePath(study.id, figure.kind, link.dataset.format, logLog ? 'logLog' : 'linear');
      },
    });
    const links = [['svg', 'SVG'], ['pdf', 'PDF'], ['png', 'PNG'], ['csv', 'CSV'], ['gp', 'gnuplot']].map(([format, title]) => element('a', {
      href: api.figurePath(study.id, figure.kind, format, 'linear'), download: `${fileName(study.title)}-${figure.kind}.${format}`, 'data-format': format, text: title,
    }));
    return element('figure', {}, image, element('figcaption', {}, element('span', { text: figure.title ?? figure.kind }), scale,
      element('span', { class: 'downloads' }, ...links)));
  }

  #provenance(rows) {
    if (!rows.length) return null;
    const head = ['results', 'version', 'machine', 'command', 'when', 'took'].map((text) => element('th', { scope: 'col', text }));
    const body = rows.map((row) => element('tr', {}, ...[
      numberText(row.results), row.version, row.machine, row.command, dateText(row.started), durationText(row.wallSeconds),
    ].map((text) => element('td', { text: text ?? '' }))));
    return element('div', { class: 'scroll' }, element('table', { class: 'provenance' },
      element('caption', { text: 'Where it comes from' }), element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...body)));
  }
}

/** What is given away of a kept study. */
function exported({ title, file, experiment }) {
  return {
    title, file, isSampled: !experiment || isSampled(fromExperiment(experiment).values), error: experiment?.run?.targetError ?? 0.01,
  };
}
