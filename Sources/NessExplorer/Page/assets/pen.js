// Strokes that several pictures share: thermometer, flow of heat, labels.

import { numberText } from './format.js';
import { letterScale } from './palette.js';

/** A thermometer standing at x with its bulb at `bottom`, filled to `share` of its height; its reading is written above. */
export function thermometer(context, { x, top, bottom, share, colour, colours, label }) {
  const bulb = 6;
  const tube = bottom - 2 * bulb;
  context.lineWidth = 1.2;
  context.strokeStyle = colours.soft;
  context.beginPath();
  context.roundRect(x - 3, top, 6, tube - top + 4, 3);
  context.stroke();
  const level = tube - (tube - top - 3) * Math.max(0.02, Math.min(1, share));
  context.fillStyle = colour;
  context.fillRect(x - 1.6, level, 3.2, tube - level + bulb);
  context.beginPath();
  context.arc(x, bottom - bulb, bulb, 0, 2 * Math.PI);
  context.fill();
  write(context, label, x, top - 8, { colours, align: 'center' });
}

/** A short text; `size` in pixels where the reader wants letters of the usual size. */
export function write(context, text, x, y, { colours, align = 'left', size = 12, colour, italic = false }) {
  context.font = `${italic ? 'italic ' : ''}${size * letterScale()}px ${italic ? colours.serif : colours.font}`;
  context.textAlign = align;
  context.textBaseline = 'alphabetic';
  context.fillStyle = colour ?? colours.soft;
  context.fillText(text, x, y);
}

/** Chevrons that run with the heat from `from` to `to` at height y: their pace and strength follow `share` of the largest current. */
export function flow(context, { from, to, y, share, phase, colours }) {
  const strength = Math.min(1, Math.abs(share));
  if (!(strength > 0.002) || to - from < 30) return;
  const colour = colours.hot;
  const spacing = 26;
  const size = 3 + 4 * Math.sqrt(strength);
  const direction = Math.sign(share);
  const offset = ((phase % 1) + 1) % 1;
  context.lineWidth = 1.4 + 1.6 * strength;
  context.lineCap = 'round';
  context.strokeStyle = colour;
  const count = Math.floor((to - from) / spacing);
  const margin = (to - from - count * spacing) / 2;
  for (let index = 0; index <= count; index += 1) {
    const x = from + margin + (index + offset) * spacing;
    if (x > to) continue;
    const edge = Math.min(1, (x - from) / 40, (to - x) / 40);
    context.globalAlpha = Math.max(0, edge) * (0.25 + 0.7 * strength);
    context.beginPath();
    context.moveTo(x - direction * size * 0.6, y - size);
    context.lineTo(x + direction * size * 0.6, y);
    context.lineTo(x - direction * size * 0.6, y + size);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** "T = 20" for a bath. */
export function temperatureLabel(temperature) {
  return `T = ${numberText(temperature, 3)}`;
}

/** A wall of a box, `gap` outside its end of `place`, with the thermometer of its bath; `end` is 0 at the left, 1 at the right. */
export function wallWithThermometer(context, { wall, end, gap, place, width, height, hottest, colour, colours }) {
  const left = end === 0;
  context.fillStyle = colour(wall.temperature);
  context.beginPath();
  context.roundRect(left ? place.left - gap - 8 : place.right + gap, place.top - 6, 8, place.bottom - place.top + 12, 3);
  context.fill();
  thermometer(context, {
    x: left ? 24 : width - 24, top: height * 0.2, bottom: height * 0.74, share: wall.temperature / hottest,
    colour: colour(wall.temperature), colours, label: '',
  });
  write(context, temperatureLabel(wall.temperature), left ? 8 : width - 8, height * 0.74 + 18,
    { colours, align: left ? 'left' : 'right', colour: colours.ink });
}
