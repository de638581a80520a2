// What the charts need of SVG: elements, one for each piece of data, scales, lines and symbols.

const space = 'http://www.w3.org/2000/svg';
const keys = new WeakMap();

/** An element of a drawing. */
export class Shape {
  constructor(node) {
    this.node = node;
  }

  append(tag) {
    return new Shape(this.node.appendChild(document.createElementNS(space, tag)));
  }

  /** The first element inside that fits a selector; it must be there. */
  select(selector) {
    return new Shape(this.node.querySelector(selector));
  }

  /** Sets attributes; those that are nothing, or no number, are taken away. */
  set(attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || Number.isNaN(value)) this.node.removeAttribute(name);
      else this.node.setAttribute(name, value);
    }
    return this;
  }

  write(text) {
    if (this.node.textContent !== text) this.node.textContent = text;
    return this;
  }

  mark(name, on) {
    this.node.classList.toggle(name, on);
    return this;
  }

  /** One child for each of `data`, in their order: those with a key that was there stay, `begin(shape)` makes a new one
   * complete, `update(shape, item)` brings each up to date. Other children are taken away. */
  join(tag, data, key, update, begin) {
    const known = new Map([...this.node.children].map((child) => [keys.get(child), child]));
    let before = null;
    data.forEach((item, index) => {
      const name = key(item, index);
      let child = known.get(name);
      known.delete(name);
      if (!child) {
        child = document.createElementNS(space, tag);
        keys.set(child, name);
        begin?.(new Shape(child));
      }
      const place = before ? before.nextSibling : this.node.firstChild;
      if (place !== child) this.node.insertBefore(child, place);
      before = child;
      update(new Shape(child), item, index);
    });
    for (const child of known.values()) child.remove();
  }
}

/** Steps of 1, 2 or 5 times a power of ten, some `count` of them from `low` to `high`. */
function evenTicks(low, high, count) {
  if (!(high > low) || !(count > 0)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  const step = power * (share >= Math.sqrt(50) ? 10 : share >= Math.sqrt(10) ? 5 : share >= Math.SQRT2 ? 2 : 1);
  const ticks = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + 1e-9 * step; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** A scale over `domain`, 'log' or 'linear', onto `range`: a function with `invert`, `ticks` and `domain`. */
export function scaleOf(kind, domain, range) {
  const bend = kind === 'log' ? Math.log : (value) => value;
  const unbend = kind === 'log' ? Math.exp : (value) => value;
  const [from, to] = domain.map(bend);
  const [start, end] = range;
  const scale = (value) => start + ((bend(value) - from) / (to - from)) * (end - start);
  scale.invert = (place) => unbend(from + ((place - start) / (end - start)) * (to - from));
  scale.ticks = (count) => evenTicks(domain[0], domain[1], count);
  scale.domain = domain;
  return scale;
}

/** The outline of a line through points `[x, y]`; it is broken where one of them is not finite. */
export function lineThrough(points) {
  let isOpen = false;
  return points.map(([x, y]) => {
    const command = isOpen ? 'L' : 'M';
    isOpen = Number.isFinite(x) && Number.isFinite(y);
    return isOpen ? `${command}${x},${y}` : '';
  }).join('');
}

function polygon(corners) {
  return `M${corners.map((corner) => corner.map((each) => each.toFixed(3)).join()).join('L')}Z`;
}

/** Outlines of symbols of one area. */
const outlines = [
  (size) => { const r = Math.sqrt(size / Math.PI); return `M${r},0A${r},${r},0,1,1,${-r},0A${r},${r},0,1,1,${r},0Z`; },
  (size) => { const a = Math.sqrt(size) / 2; return polygon([[-a, -a], [a, -a], [a, a], [-a, a]]); },
  (size) => { const a = Math.sqrt(size / (3 * Math.sqrt(3))); return polygon([[0, -2 * a], [Math.sqrt(3) * a, a], [-Math.sqrt(3) * a, a]]); },
  (size) => { const a = Math.sqrt(size * Math.sqrt(3) / 2); const b = a / Math.sqrt(3); return polygon([[0, -a], [b, 0], [0, a], [-b, 0]]); },
  (size) => {
    const outer = Math.sqrt(0.8908 * size);
    return polygon(Array.from({ length: 10 }, (_, index) => {
      const angle = (index * Math.PI) / 5;
      const radius = index % 2 ? 0.382 * outer : outer;
      return [radius * Math.sin(angle), -radius * Math.cos(angle)];
    }));
  },
];

/** The outline of symbol number `index`: circle, square, triangle, diamond, star, and so on from the beginning. */
export function symbolOutline(index, size) {
  return outlines[index % outlines.length](size);
}
