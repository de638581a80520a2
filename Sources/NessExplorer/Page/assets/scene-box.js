// The picture of a classical box: the particle between its walls, and below it where it was a moment ago.

import { warmth } from './palette.js';
import { wallWithThermometer, flow, write } from './pen.js';

/** Keeps the flights that frames tell of and gives the place of the particle at any time between. */
export class Flights {
  list = [];

  add(frame) {
    for (const flight of Array.isArray(frame.flights) ? frame.flights : []) {
      if (Number.isFinite(flight?.start) && Number.isFinite(flight?.speed)) this.list.push(flight);
    }
    if (this.list.length > 600) this.list.splice(0, this.list.length - 400);
  }

  /** Index of the flight at `time`, or −1. */
  at(time) {
    let index = this.list.length - 1;
    while (index >= 0 && this.list[index].start > time) index -= 1;
    return index;
  }
}

export function placeInFlight(flight, time, length) {
  const way = Math.min(length, Math.max(0, (time - flight.start) * flight.speed));
  return flight.wall === 'left' ? way : length - way;
}

export class BoxPicture {
  draw(context, { width, height, scene, flights, time, span, share, phase, colours }) {
    const walls = Array.isArray(scene.baths) ? scene.baths : [];
    const colour = warmth(colours, walls.map((wall) => wall.temperature));
    const hottest = Math.max(...walls.map((wall) => wall.temperature), 1e-9);
    const place = { left: width * 0.16, right: width * 0.84, top: height * 0.2, bottom: height * 0.42, end: height - 12 };
    const x = (position) => place.left + ((place.right - place.left) * position) / scene.length;
    const y = (place.top + place.bottom) / 2;
    const speedColour = (speed) => colour(0.5 * scene.mass * speed * speed);
    this.#walls(context, { walls, place, width, height, hottest, colour, colours });
    this.#trail(context, { scene, flights, time, span, place, x, speedColour });
    this.#flashes(context, { scene, flights, time, span, x, y, colours });
    const index = flights.at(time);
    if (index >= 0) {
      const flight = flights.list[index];
      const centre = x(placeInFlight(flight, time, scene.length));
      context.fillStyle = speedColour(flight.speed);
      context.beginPath();
      context.arc(centre, y, 8, 0, 2 * Math.PI);
      context.fill();
    }
    flow(context, { from: place.left + 8, to: place.right - 8, y: height * 0.1, share, phase, colours });
  }

  #walls(context, { walls, place, width, height, hottest, colour, colours }) {
    walls.forEach((wall, end) => wallWithThermometer(context, { wall, end, gap: 8, place, width, height, hottest, colour, colours }));
    context.fillStyle = colours.faint;
    context.globalAlpha = 0.12;
    context.fillRect(place.left - 8, place.top - 6, place.right - place.left + 16, place.bottom - place.top + 12);
    context.globalAlpha = 1;
    write(context, 'where it was, a moment ago', (place.left + place.right) / 2, place.end + 4, { colours, align: 'center', size: 11 });
  }

  /** The past runs down the page: steep lines are slow flights. */
  #trail(context, { scene, flights, time, span, place, x, speedColour }) {
    const bottom = place.end - 14;
    const down = (moment) => place.bottom + 12 + ((time - moment) / span) * (bottom - place.bottom - 12);
    let index = flights.at(time);
    let until = time;
    context.lineWidth = 1.6;
    while (index >= 0 && until > time - span) {
      const flight = flights.list[index];
      const begin = Math.max(flight.start, time - span);
      const points = [begin, until].map((moment) => [x(placeInFlight(flight, moment, scene.length)), down(moment)]);
      context.strokeStyle = speedColour(flight.speed);
      context.globalAlpha = Math.max(0.08, 0.9 - (0.8 * (time - until)) / span);
      context.beginPath();
      context.moveTo(...points[0]);
      context.lineTo(...points[1]);
      context.stroke();
      until = flight.start;
      index -= 1;
    }
    context.globalAlpha = 1;
  }

  /** A wall lights up when it is hit: warm if it gave energy, cold if it took some. */
  #flashes(context, { scene, flights, time, span, x, y, colours }) {
    const newest = flights.at(time);
    for (let index = newest; index > 0 && index > newest - 12; index -= 1) {
      const flight = flights.list[index];
      const age = (time - flight.start) / (span * 0.09);
      if (age > 1 || age < 0) continue;
      const gained = flight.speed > flights.list[index - 1].speed;
      context.globalAlpha = 0.5 * (1 - age);
      context.fillStyle = gained ? colours.hot : colours.cold;
      context.beginPath();
      context.arc(x(flight.wall === 'left' ? 0 : scene.length), y, 8 + 16 * age, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  }
}
