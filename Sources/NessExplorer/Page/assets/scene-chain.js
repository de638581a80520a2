// The picture of a chain: particles on their ring, sites on springs, and the temperature along the chain.

import { warmth } from './palette.js';
import { thermometer, flow, write, temperatureLabel } from './pen.js';

/** The frame at model time `time`, between two frames; particles take the short way round the ring. */
export function between(one, other, time, rings) {
  if (!other || other.time <= one.time) return one;
  const share = Math.max(0, Math.min(1, (time - one.time) / (other.time - one.time)));
  const mix = (these, those) => these.map((value, index) => value + share * ((those?.[index] ?? value) - value));
  const round = (these, those, ring) => these.map((value, index) => {
    const step = (those?.[index] ?? value) - value;
    return value + share * (ring ? step - ring * Math.round(step / ring) : step);
  });
  return {
    ...other,
    displacement: mix(one.displacement ?? [], other.displacement),
    temperature: mix(one.temperature ?? [], other.temperature),
    particles: (one.particles ?? []).map((ring, index) => round(ring, other.particles?.[index], rings[index])),
  };
}

/** From the resting place of an end site to its bath, in pixels: as far as the site may swing. */
const reach = 30;

export class ChainPicture {
  #reach = 1;

  /** Draws into `context` (size `width` × `height`): the scene's first line, a frame, exact temperatures and the flow of heat. */
  draw(context, { width, height, scene, frame, exact, share, phase, colours }) {
    const baths = Array.isArray(scene.baths) ? scene.baths : [];
    const colour = warmth(colours, baths.map((bath) => bath.temperature));
    const top = Math.max(...baths.map((bath) => bath.temperature), 1e-9);
    const narrow = width < 520;
    const place = {
      left: width * (narrow ? 0.32 : 0.26), right: width * (narrow ? 0.7 : 0.75), y: height * 0.4,
      low: height - 26, high: height * 0.64,
    };
    const radius = Math.min(height * 0.27, (place.left - 70) / 2);
    this.#sites(context, { scene, frame, place, colour, colours });
    baths.forEach((bath) => {
      const end = bath.site === 1 && bath.name !== 'right' ? 'left' : 'right';
      const x = end === 'left' ? place.left : place.right;
      if (bath.site !== 1 && bath.site !== scene.sites) {
        this.#between(context, { bath, baths, frame, place, sites: scene.sites, colour, colours });
        return;
      }
      const sign = end === 'left' ? -1 : 1;
      if (bath.ring) this.#ring(context, { bath, baths, frame, x, site: this.#edge[end], sign, y: place.y, radius, colour, colours });
      else this.#bathBlock(context, { bath, x, sign, y: place.y, radius, colour, phase: frame.time });
      thermometer(context, {
        x: end === 'left' ? 20 : width - 20, top: height * 0.16, bottom: height * 0.72,
        share: bath.temperature / top, colour: colour(bath.temperature), colours, label: '',
      });
      write(context, temperatureLabel(bath.temperature), end === 'left' ? 8 : width - 8, height * 0.72 + 17,
        { colours, align: end, size: 12, colour: colours.ink });
    });
    flow(context, { from: place.left + 6, to: place.right - 6, y: height * 0.12, share, phase, colours });
    this.#profile(context, { scene, frame, exact, place, baths, top, colour, colours });
  }

  #edge = { left: 0, right: 0 };

  #sites(context, { scene, frame, place, colour, colours }) {
    const q = frame.displacement ?? [];
    const count = q.length || scene.sites;
    const spacing = (place.right - place.left) / Math.max(1, count - 1);
    const most = Math.max(1e-9, ...q.map(Math.abs));
    this.#reach = Math.max(most, this.#reach + (most - this.#reach) * 0.02);
    const scale = Math.min(spacing * 1.1, reach - 8) / this.#reach;
    const rest = (index) => (count === 1 ? (place.left + place.right) / 2 : place.left + index * spacing);
    const x = q.map((value, index) => rest(index) + value * scale);
    this.#edge = { left: x[0] ?? place.left, right: x[count - 1] ?? place.right };
    context.strokeStyle = colours.faint;
    context.lineWidth = 1.2;
    context.beginPath();
    for (let index = 0; index + 1 < count; index += 1) spring(context, x[index], x[index + 1], place.y, spacing);
    context.stroke();
    const size = Math.max(2.2, Math.min(8, spacing * 0.26));
    x.forEach((centre, index) => {
      context.fillStyle = colour(frame.temperature?.[index]);
      context.beginPath();
      context.arc(centre, place.y, size, 0, 2 * Math.PI);
      context.fill();
    });
  }

  /** The ring touches its site where the interaction is strongest: at x = 0. */
  #ring(context, { bath, baths, frame, x, site, sign, y, radius, colour, colours }) {
    const centre = x + sign * (radius + reach);
    const sharpness = bath.sharpness ?? 2;
    const around = 96;
    for (let step = 0; step < around; step += 1) {
      const angle = (2 * Math.PI * step) / around;
      const strength = Math.exp(sharpness * (Math.cos(angle) - 1));
      context.globalAlpha = 0.12 + 0.55 * strength;
      context.strokeStyle = colours.soft;
      context.lineWidth = 1 + 2.5 * strength;
      context.beginPath();
      context.arc(centre, y, radius, ringAngle(angle, sign), ringAngle(angle + (2 * Math.PI) / around, sign), sign > 0);
      context.stroke();
    }
    context.globalAlpha = 0.85;
    context.fillStyle = colour(bath.temperature);
    const rings = baths.filter((each) => each.ring);
    const particles = frame.particles?.[rings.indexOf(bath)] ?? [];
    for (const particle of particles) {
      const angle = ringAngle((2 * Math.PI * particle) / bath.ring, sign);
      context.beginPath();
      context.arc(centre + radius * Math.cos(angle), y + radius * Math.sin(angle), 3, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
    context.strokeStyle = colours.faint;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(site, y);
    context.lineTo(centre - sign * radius, y);
    context.stroke();
  }

  /** A bath between the ends hangs above its site: a small ring with its particles, or a block. */
  #between(context, { bath, baths, frame, place, sites, colour, colours }) {
    const x = place.left + ((bath.site - 1) * (place.right - place.left)) / Math.max(1, sites - 1);
    const radius = Math.min(20, place.y * 0.26);
    const y = place.y - radius - 22;
    context.strokeStyle = colours.faint;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, place.y);
    context.lineTo(x, y + radius);
    context.stroke();
    context.fillStyle = colour(bath.temperature);
    context.strokeStyle = colour(bath.temperature);
    context.beginPath();
    if (bath.ring) context.arc(x, y, radius, 0, 2 * Math.PI);
    else context.roundRect(x - radius, y - radius, 2 * radius, 2 * radius, 6);
    context.globalAlpha = 0.16;
    context.fill();
    context.globalAlpha = 0.7;
    context.stroke();
    const rings = baths.filter((each) => each.ring);
    for (const particle of bath.ring ? frame.particles?.[rings.indexOf(bath)] ?? [] : []) {
      const angle = Math.PI / 2 + (2 * Math.PI * particle) / bath.ring;
      context.beginPath();
      context.arc(x + radius * Math.cos(angle), y + radius * Math.sin(angle), 2, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
    write(context, `${bath.name}, ${temperatureLabel(bath.temperature)}`, x + radius + 8, y + 4, { colours, colour: colours.ink });
  }

  /** A Langevin bath has no particles of its own: a block of grains that jitter with its temperature. */
  #bathBlock(context, { bath, x, sign, y, radius, colour, phase }) {
    const left = sign < 0 ? x - reach - radius : x + reach;
    context.fillStyle = colour(bath.temperature);
    context.globalAlpha = 0.16;
    context.beginPath();
    context.roundRect(left, y - radius, radius, 2 * radius, 8);
    context.fill();
    context.globalAlpha = 0.7;
    const jitter = bath.temperature > 0 ? 1.6 : 0;
    for (let index = 0; index < 40; index += 1) {
      const across = fraction(index * 0.7548776662) * (radius - 12) + 6;
      const down = fraction(index * 0.5698402910) * (2 * radius - 12) + 6;
      const angle = 9 * phase + index * 2.4;
      context.beginPath();
      context.arc(left + across + jitter * Math.sin(angle), y - radius + down + jitter * Math.cos(1.3 * angle), 1.6, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  #profile(context, { scene, frame, exact, place, baths, top, colour, colours }) {
    const values = frame.temperature ?? [];
    const count = values.length;
    if (!count) return;
    const spacing = (place.right - place.left) / Math.max(1, count - 1);
    const x = (index) => (count === 1 ? (place.left + place.right) / 2 : place.left + index * spacing);
    const y = (temperature) => place.low - (place.low - place.high) * Math.min(1.08, temperature / top);
    context.lineWidth = 1;
    context.setLineDash([2, 4]);
    for (const bath of baths) {
      context.strokeStyle = colour(bath.temperature);
      context.beginPath();
      context.moveTo(place.left - 10, y(bath.temperature));
      context.lineTo(place.right + 10, y(bath.temperature));
      context.stroke();
    }
    context.setLineDash([]);
    if (exact.length === count) {
      context.strokeStyle = colours.ink;
      context.lineWidth = 1.4;
      context.beginPath();
      exact.forEach((point, index) => context[index ? 'lineTo' : 'moveTo'](x(index), y(point.y)));
      context.stroke();
    }
    values.forEach((temperature, index) => {
      context.fillStyle = colour(temperature);
      context.beginPath();
      context.arc(x(index), y(temperature), Math.min(3.2, Math.max(1.6, spacing * 0.2)), 0, 2 * Math.PI);
      context.fill();
    });
    write(context, scene.sites > 1 ? 'temperature of the sites: theory (line), recent mean (dots)' : 'temperature of the site',
      (place.left + place.right) / 2, place.low + 20, { colours, align: 'center', size: 11 });
  }
}

function ringAngle(angle, sign) {
  return sign < 0 ? angle : Math.PI - angle;
}

function fraction(value) {
  return value - Math.floor(value);
}

function spring(context, from, to, y, spacing) {
  if (spacing < 14) {
    context.moveTo(from, y);
    context.lineTo(to, y);
    return;
  }
  const turns = 6;
  const begin = from + (to - from) * 0.24;
  const step = ((to - from) * 0.52) / turns;
  context.moveTo(from, y);
  context.lineTo(begin, y);
  for (let turn = 0; turn < turns; turn += 1) context.lineTo(begin + (turn + 0.5) * step, y + (turn % 2 ? 4 : -4));
  context.lineTo(begin + turns * step, y);
  context.lineTo(to, y);
}
