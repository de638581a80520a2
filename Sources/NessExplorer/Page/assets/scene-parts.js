// The picture of a quantum system of few parts: qubits, spins and oscillators in a row, joined where the Hamiltonian joins them, and its
// baths below, with the heat that each gives by theory.

import { numberText } from './format.js';
import { warmth } from './palette.js';
import { write, temperatureLabel } from './pen.js';

/** More levels of a part are not drawn. */
const mostLines = 6;

export class PartsPicture {
  /** `heats` are `{bath: value}`; nothing here moves at random. */
  draw(context, { width, height, values, system, heats = {}, colours }) {
    const parts = partsOf(system.parts);
    if (!parts.length) return;
    const baths = Object.keys(values).filter((path) => /^baths\.[^.]+\.kind$/.test(path)).map((path) => path.split('.')[1])
      .map((name) => ({ name, temperature: values[`baths.${name}.temperature`], parts: partsIn(values[`baths.${name}.coupling`] ?? values[`baths.${name}.operator`], parts.length) }));
    const colour = warmth(colours, baths.map((bath) => bath.temperature));
    const radius = Math.max(8, Math.min(30, (0.36 * width) / parts.length, 0.16 * height));
    const x = (index) => (width * (index + 0.5)) / parts.length;
    const y = 0.3 * height;
    this.#joints(context, { pairs: pairsOf(system.hamiltonian, parts.length), x, y, radius, height, colours });
    parts.forEach((part, index) => this.#part(context, { part, x: x(index), y, radius, index, colours }));
    const largest = Math.max(...baths.map((bath) => Math.abs(heats[bath.name] ?? 0)), 1e-300);
    baths.forEach((bath, index) => {
      const own = baths.filter((each) => each.parts[0] === bath.parts[0]);
      const shift = (own.indexOf(bath) - (own.length - 1) / 2) * Math.min(90, width / parts.length / Math.max(1, own.length));
      const place = { x: x(bath.parts[0] ?? Math.min(index, parts.length - 1)) + shift, y: 0.74 * height };
      this.#bath(context, { bath, place, x, y: y + radius, heat: heats[bath.name], largest, colour, colours });
    });
    write(context, 'parts and their baths; arrows: heat from and to the baths', width / 2, height - 6, { colours, align: 'center', size: 11 });
  }

  #joints(context, { pairs, x, y, radius, height, colours }) {
    context.strokeStyle = colours.soft;
    context.lineWidth = 2;
    for (const [one, other] of pairs) {
      context.beginPath();
      if (other - one === 1) {
        context.moveTo(x(one) + radius, y);
        context.lineTo(x(other) - radius, y);
      } else {
        context.moveTo(x(one), y - radius);
        context.quadraticCurveTo((x(one) + x(other)) / 2, y - radius - Math.min(0.22 * height, 14 * (other - one)), x(other), y - radius);
      }
      context.stroke();
    }
  }

  #part(context, { part, x, y, radius, index, colours }) {
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.4;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    const lines = Math.min(part.levels, mostLines);
    context.lineWidth = 1.6;
    for (let line = 0; line < lines; line += 1) {
      const up = lines === 1 ? 0 : 0.55 * radius * (1 - (2 * line) / (lines - 1));
      const half = 0.75 * Math.sqrt(radius * radius - up * up);
      context.beginPath();
      context.moveTo(x - half, y + up);
      context.lineTo(x + half, y + up);
      context.stroke();
    }
    write(context, `${part.name} ${index + 1}`, x + radius + 4, y - radius + 4, { colours, size: 11 });
  }

  #bath(context, { bath, place, x, y, heat, largest, colour, colours }) {
    const ink = Number.isFinite(bath.temperature) ? colour(bath.temperature) : colours.soft;
    context.fillStyle = ink;
    context.beginPath();
    context.roundRect(place.x - 22, place.y - 9, 44, 18, 5);
    context.fill();
    const label = Number.isFinite(bath.temperature) ? `${bath.name}, ${temperatureLabel(bath.temperature)}` : bath.name;
    write(context, label, place.x, place.y + 24, { colours, align: 'center', size: 11, colour: colours.ink });
    const share = Number.isFinite(heat) ? Math.abs(heat) / largest : 0;
    for (const part of bath.parts.length ? bath.parts : []) this.#arrow(context, { from: place, to: { x: x(part), y }, share, isGiving: heat > 0, colours });
    if (Number.isFinite(heat)) write(context, numberText(heat, 3), place.x + 26, place.y - 14, { colours, size: 11 });
  }

  /** Between a bath and a part, with its head where the heat goes, as wide as there is heat. */
  #arrow(context, { from, to, share, isGiving, colours }) {
    const [startY, endY] = [from.y - 12, to.y + 4];
    context.strokeStyle = share > 0 ? (isGiving ? colours.hot : colours.cold) : colours.faint;
    context.globalAlpha = share > 0 ? 0.4 + 0.6 * Math.sqrt(share) : 1;
    context.lineWidth = 1 + 3 * share;
    context.beginPath();
    context.moveTo(from.x, startY);
    context.lineTo(to.x, endY);
    context.stroke();
    if (share > 0) {
      const [tip, tail] = isGiving ? [{ x: to.x, y: endY }, { x: from.x, y: startY }] : [{ x: from.x, y: startY }, { x: to.x, y: endY }];
      const length = Math.hypot(tip.x - tail.x, tip.y - tail.y) || 1;
      const [alongX, alongY] = [(tip.x - tail.x) / length, (tip.y - tail.y) / length];
      const size = 4 + 4 * Math.sqrt(share);
      context.fillStyle = context.strokeStyle;
      context.beginPath();
      context.moveTo(tip.x, tip.y);
      context.lineTo(tip.x - size * (alongX * 1.4 + alongY * 0.7), tip.y - size * (alongY * 1.4 - alongX * 0.7));
      context.lineTo(tip.x - size * (alongX * 1.4 - alongY * 0.7), tip.y - size * (alongY * 1.4 + alongX * 0.7));
      context.fill();
    }
    context.globalAlpha = 1;
  }
}

/** The parts of a system as the file has them: `[{name, levels}]`; those that cannot be read are left out. */
export function partsOf(written) {
  const given = typeof written === 'string' ? parsed(written) : written;
  const items = Array.isArray(given) ? given : given ? [given] : [];
  return items.flatMap((item) => {
    if (item === 'qubit') return [{ name: 'qubit', levels: 2 }];
    if (item?.qubits > 0) return Array.from({ length: Math.min(10, item.qubits) }, () => ({ name: 'qubit', levels: 2 }));
    if (item?.spin > 0) return [{ name: 'spin', levels: 2 * item.spin + 1 }];
    if (item?.oscillator > 0) return [{ name: 'oscillator', levels: item.oscillator }];
    return [];
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The parts, counted from 0, whose operators a formula names, in its order; all of them for a matrix. */
export function partsIn(formula, count) {
  if (typeof formula !== 'string') return Array.from({ length: count }, (_, index) => index);
  const found = [...formula.matchAll(/\b(?:X|Y|Z|Sp|Sm|N|ad|a)(\d+)\b/g)].map((match) => Number(match[1]) - 1);
  return [...new Set(found)].filter((part) => part >= 0 && part < count);
}

/** Pairs of parts that stand in one product of a formula; of a matrix all pairs. */
export function pairsOf(formula, count) {
  const products = typeof formula === 'string' ? formula.replace(/\s/g, '').split(/[-+()]/) : [undefined];
  const pairs = products.flatMap((product) => {
    const parts = partsIn(product, count).sort((one, other) => one - other);
    return parts.flatMap((one, index) => parts.slice(index + 1).map((other) => `${one},${other}`));
  });
  return [...new Set(pairs)].map((pair) => pair.split(',').map(Number));
}
