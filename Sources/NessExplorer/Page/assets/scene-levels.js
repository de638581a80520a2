// The picture of a quantum box: its levels with the particle's density in each, as likely as theory says.

import { warmth } from './palette.js';
import { wallWithThermometer, flow, write } from './pen.js';

export class LevelPicture {
  /** `populations` are [{x: level, y: population}]; nothing here moves at random, only the flow of heat runs. */
  draw(context, { width, height, values, populations, transitions, share, phase, colours }) {
    const walls = ['left', 'right'].map((name) => ({ name, temperature: values[`baths.${name}.temperature`] ?? 0 }));
    const colour = warmth(colours, walls.map((wall) => wall.temperature));
    const hottest = Math.max(...walls.map((wall) => wall.temperature), 1e-9);
    const place = { left: width * 0.2, right: width * 0.8, top: height * 0.2, bottom: height - 26 };
    const shown = populations.filter((level, index) => level.y > 1e-4 || index < 3);
    const highest = Math.max(3, shown.length);
    const y = (level) => place.bottom - ((place.bottom - place.top) * (level * level)) / (highest * highest + 0.4 * highest);
    const strongest = Math.max(1e-9, ...shown.map((level) => level.y));
    walls.forEach((wall, end) => wallWithThermometer(context, { wall, end, gap: 6, place, width, height, hottest, colour, colours }));
    for (const level of shown) this.#level(context, { level, y: y(level.x), place, strongest, gap: y(level.x) - y(level.x + 1), colours });
    this.#transitions(context, { transitions: transitions.filter((pair) => pair.upper <= highest), y, place, colours });
    flow(context, { from: place.left + 8, to: place.right - 8, y: height * 0.1, share, phase, colours });
    write(context, transitions.length ? 'levels, shaded by population; arrows: heat from and to the baths' : 'levels, shaded by population', (place.left + place.right) / 2, height - 8, { colours, align: 'center', size: 11 });
  }

  /** Beside each wall the jumps that carry most heat: up where the bath gives it, down where it takes it. */
  #transitions(context, { transitions, y, place, colours }) {
    const strongest = Math.max(...transitions.map((pair) => Math.abs(pair.heat)), 1e-300);
    const counts = { left: 0, right: 0 };
    for (const pair of transitions) {
      const share = Math.abs(pair.heat) / strongest;
      if (share < 0.03) continue;
      const step = 12 + 13 * counts[pair.bath];
      counts[pair.bath] += 1;
      const x = pair.bath === 'left' ? place.left + step : place.right - step;
      const up = pair.heat > 0;
      const [from, to] = up ? [y(pair.lower), y(pair.upper)] : [y(pair.upper), y(pair.lower)];
      const size = 3 + 2.5 * Math.sqrt(share);
      const head = to + (up ? size : -size);
      context.strokeStyle = up ? colours.hot : colours.cold;
      context.lineWidth = 1 + 3 * share;
      context.globalAlpha = 0.35 + 0.6 * Math.sqrt(share);
      context.lineCap = 'butt';
      context.beginPath();
      context.moveTo(x, from);
      context.lineTo(x, head);
      context.stroke();
      context.fillStyle = context.strokeStyle;
      context.beginPath();
      context.moveTo(x, to);
      context.lineTo(x - size, head);
      context.lineTo(x + size, head);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  /** A line at the energy of the level; above it sin², as strong as the level is likely. */
  #level(context, { level, y, place, strongest, gap, colours }) {
    const share = level.y / strongest;
    const wide = place.right - place.left;
    const tall = Math.max(14, Math.min(gap * 0.8, 34)) * Math.sqrt(share);
    context.strokeStyle = colours.soft;
    context.globalAlpha = 0.25 + 0.75 * share;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(place.left, y);
    context.lineTo(place.right, y);
    context.stroke();
    context.fillStyle = colours.neutral;
    context.globalAlpha = 0.15 + 0.6 * Math.sqrt(share);
    context.beginPath();
    context.moveTo(place.left, y);
    const steps = Math.max(60, 12 * level.x);
    for (let step = 0; step <= steps; step += 1) {
      const wave = Math.sin((Math.PI * level.x * step) / steps) ** 2;
      context.lineTo(place.left + (wide * step) / steps, y - tall * wave);
    }
    context.fill();
    context.globalAlpha = 1;
  }
}
