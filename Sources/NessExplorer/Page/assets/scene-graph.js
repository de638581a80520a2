// The picture of a network: sites where the server places them, joined by bonds, and its baths beside them.

import { warmth } from './palette.js';
import { write, temperatureLabel } from './pen.js';

/** Longest name of a bath that is written whole. */
const longestName = 12;

export class GraphPicture {
  #reach = 1;

  /** Draws into `context` (size `width` × `height`): the scene's first line and a frame. */
  draw(context, { width, height, scene, frame, colours }) {
    const baths = Array.isArray(scene.baths) ? scene.baths : [];
    const colour = warmth(colours, baths.map((bath) => bath.temperature));
    const spots = this.#spots(scene, width, height);
    const shift = this.#shifts(frame.displacement ?? [], spots.scale);
    const place = (site) => ({ x: spots.x(site) + shift(site), y: spots.y(site) });
    context.strokeStyle = colours.faint;
    context.lineWidth = 1.2;
    context.beginPath();
    for (const [one, other] of scene.bonds ?? []) {
      const [from, to] = [place(one - 1), place(other - 1)];
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    context.stroke();
    const radius = Math.max(2.2, Math.min(9, spots.scale * 0.24));
    for (const bath of baths) this.#bath(context, { bath, place: place(bath.site - 1), spots, radius, colour, colours });
    for (let site = 0; site < scene.sites; site += 1) {
      const { x, y } = place(site);
      context.fillStyle = colour(frame.temperature?.[site]);
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
    write(context, 'colours: recent mean temperature of the sites', width / 2, height - 6, { colours, align: 'center', size: 11 });
  }

  /** Where the sites rest, in pixels, with room for the names of the baths on both sides. */
  #spots({ places }, width, height) {
    const [xs, ys] = [0, 1].map((part) => places.map((place) => place[part]));
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const margin = Math.min(104, 0.27 * width);
    const [top, bottom] = [30, 44];
    const scale = Math.min((width - 2 * margin) / Math.max(right - left, 0.1), (height - top - bottom) / Math.max(high - low, 0.1), 64);
    const middle = { x: width / 2, y: (top + height - bottom) / 2 };
    return {
      scale, middle,
      x: (site) => middle.x + scale * (xs[site] - (left + right) / 2),
      y: (site) => middle.y - scale * (ys[site] - (low + high) / 2),
    };
  }

  /** Displacements to the right, against their mean, as a share of the way to the next site. */
  #shifts(q, scale) {
    const mean = q.reduce((sum, value) => sum + value, 0) / Math.max(1, q.length);
    const most = Math.max(1e-9, ...q.map((value) => Math.abs(value - mean)));
    this.#reach = Math.max(most, this.#reach + (most - this.#reach) * 0.02);
    return (site) => (0.25 * scale * ((q[site] ?? mean) - mean)) / this.#reach;
  }

  /** A square behind its site, and beside it, away from the middle, its name and temperature. */
  #bath(context, { bath, place, spots, radius, colour, colours }) {
    const size = radius + 5;
    context.fillStyle = colour(bath.temperature);
    context.globalAlpha = 0.3;
    context.beginPath();
    context.roundRect(place.x - size, place.y - size, 2 * size, 2 * size, 4);
    context.fill();
    context.globalAlpha = 1;
    const name = bath.name.length > longestName ? `${bath.name.slice(0, longestName - 1)}…` : bath.name;
    const rest = { x: spots.x(bath.site - 1), y: spots.y(bath.site - 1) };
    const ink = { colours, colour: colours.ink };
    if (Math.abs(rest.x - spots.middle.x) < 0.5 * spots.scale) {
      const y = rest.y > spots.middle.y + 1 ? rest.y + size + 14 : rest.y - size - 7;
      write(context, `${name}, ${temperatureLabel(bath.temperature)}`, rest.x, y, { ...ink, align: 'center' });
      return;
    }
    const side = rest.x < spots.middle.x ? -1 : 1;
    const x = rest.x + side * (size + 0.25 * spots.scale + 6);
    const align = side < 0 ? 'right' : 'left';
    write(context, name, x, rest.y - 3, { ...ink, align });
    write(context, temperatureLabel(bath.temperature), x, rest.y + 13, { ...ink, align });
  }
}
