// The modules of the page outside of a browser. They are copied beside a package.json, because node takes a .js file for an
// older kind of module without one.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ness-page-'));
cpSync(join(root, 'Sources/NessExplorer/Page/assets'), folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A module of the page. */
export function page(name) {
  return import(pathToFileURL(join(folder, name)));
}

/** The program. */
export function program() {
  const place = process.env.NESS ?? join(root, '.build/release/ness');
  if (!existsSync(place)) throw new Error(`${place} is not there: make build`);
  return place;
}

/** What the program tells the page of every kind of medium and bath. */
export function schema() {
  return JSON.parse(execFileSync(program(), ['kinds', '--format', 'json']));
}

/** An example of every medium between every bath that can touch it, as an experiment. */
export function experiments({ media }) {
  return media.flatMap((medium) => medium.baths.map((kind) => ({
    medium: { kind: medium.key }, baths: { left: { kind }, right: { kind } },
  })));
}

/** Numbers in [0, 1) that are the same in every run. */
export function numbers(seed = 1) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
