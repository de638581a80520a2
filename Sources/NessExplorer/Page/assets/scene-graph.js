// The picture of a network: sites where the server places them, joined by bonds, and its baths beside them.

import { warmth } from './palette.js';
import { write, temperatureLabel } from './pen.js';

/** Longest name of a bath that is written whole. */
const longestName = 12;

export class GraphPicture {
  #reach = 1;
  #last;

  /** Draws into `context` (size `width` × `height`): the scene's first line and a frame. */
  draw(context, { width, height, scene, frame, marked, colours }) {
    const baths = Array.isArray(scene.baths) ? scene.baths : [];
    const colour = warmth(colours, baths.map((bath) => bath.temperature));
    const spots = this.#spots(scene, width, height);
    this.#last = { spots, scene };
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
    for (const bath of baths) this.#bath(context, { bath, place: place(bath.site - 1), sites: scene.sites, spots, radius, colour, colours });
    for (let site = 0; site < scene.sites; site += 1) {
      const { x, y } = place(site);
      context.fillStyle = colour(frame.temperature?.[site]);
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
    if (marked) {
      const { x, y } = place(marked - 1);
      context.strokeStyle = colours.ink;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(x, y, radius + 4, 0, 2 * Math.PI);
      context.stroke();
    }
    write(context, 'colours: recent mean temperature of the sites', width / 2, height - 6, { colours, align: 'center', size: 11 });
  }

  /** The site or the bond at a place, in pixels: `{site}` or `{bond: [i, j]}`. */
  pick(x, y) {
    if (!this.#last) return undefined;
    const { spots, scene } = this.#last;
    const at = (site) => [spots.x(site - 1), spots.y(site - 1)];
    const nearest = (items, distance, most) => items.map((item) => [distance(item), item])
      .reduce((best, each) => (each[0] < best[0] ? each : best), [most, undefined])[1];
    const sites = Array.from({ length: scene.sites }, (_, index) => index + 1);
    const site = nearest(sites, (each) => Math.hypot(x - at(each)[0], y - at(each)[1]), Math.max(8, Math.min(22, 0.42 * spots.scale)));
    if (site) return { site };
    const bond = nearest(scene.bonds ?? [], ([one, other]) => toSegment([x, y], at(one), at(other)), 10);
    return bond && { bond };
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
  #bath(context, { bath, place, sites, spots, radius, colour, colours }) {
    const size = radius + 5;
    context.fillStyle = colour(bath.temperature);
    context.globalAlpha = 0.3;
    context.beginPath();
    context.roundRect(place.x - size, place.y - size, 2 * size, 2 * size, 4);
    context.fill();
    context.globalAlpha = 1;
    const name = bath.name.length > longestName ? `${bath.name.slice(0, longestName - 1)}…` : bath.name;
    const ink = { colours, colour: colours.ink };
    const temperature = temperatureLabel(bath.temperature);
    const [x, y] = [spots.x(bath.site - 1), spots.y(bath.site - 1)];
    const gap = size + 0.25 * spots.scale + 6;
    const way = this.#freeWay(spots, sites, x, y, gap);
    if (way.up) {
      write(context, `${name}, ${temperature}`, x, way.up < 0 ? y + size + 14 : y - size - 7, { ...ink, align: 'center' });
      return;
    }
    const align = way.right < 0 ? 'right' : 'left';
    write(context, name, x + way.right * gap, y - 3, { ...ink, align });
    write(context, temperature, x + way.right * gap, y + 13, { ...ink, align });
  }

  /** Where beside a site its label covers the fewest sites, away from the middle if it can: `{right: 1}`, `{right: -1}`, `{up: 1}` or
   * `{up: -1}`. */
  #freeWay(spots, sites, x, y, gap) {
    const [side, above] = [x < spots.middle.x - 1 ? -1 : 1, y > spots.middle.y + 1 ? -1 : 1];
    const isAcross = Math.abs(x - spots.middle.x) < 0.5 * spots.scale;
    const beside = [{ right: side }, { up: above }, { up: -above }, { right: -side }];
    const ways = isAcross ? [beside[1], beside[2], beside[0], beside[3]] : beside;
    const covered = ({ right, up }) => {
      const [left, top, wide, high] = right ? [right > 0 ? x + gap : x - gap - 64, y - 16, 64, 32] : [x - 52, up > 0 ? y - gap - 16 : y + gap - 8, 104, 22];
      let count = 0;
      for (let site = 0; site < sites; site += 1) {
        if (spots.x(site) > left - 6 && spots.x(site) < left + wide + 6 && spots.y(site) > top - 6 && spots.y(site) < top + high + 6) count += 1;
      }
      return count;
    };
    return ways.reduce((best, way) => (covered(way) < covered(best) ? way : best));
  }
}

/** The distance of a point from a segment. */
function toSegment([x, y], [fromX, fromY], [toX, toY]) {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const square = alongX ** 2 + alongY ** 2;
  const share = square > 0 ? Math.max(0, Math.min(1, ((x - fromX) * alongX + (y - fromY) * alongY) / square)) : 0;
  return Math.hypot(x - fromX - share * alongX, y - fromY - share * alongY);
}
