// A run's figures as they grow: one chart for each loss, the learning rate, each measured figure and the speed.

import { chart } from './chart.js';
import { title } from './words.js';

const Left = new Set(['secondsRemaining']);
const Last = ['learningRate', 'imagesPerSecond'];

export class Curves {
  #series = new Map();
  #figures = new Set();
  #epochs = 1;

  // True when there is something new to draw.
  add({ kind, epoch, epochs, step, steps, values }) {
    if (!values || !['step', 'epoch', 'evaluation'].includes(kind)) {
      return false;
    }

    this.#epochs = epochs ?? this.#epochs;
    const at = (epoch ?? 0) + (kind === 'step' && steps > 0 ? (step ?? 0) / steps : 0);
    for (const [name, value] of Object.entries(values)) {
      if (!Left.has(name) && Number.isFinite(value)) {
        // Losses of a peer have a slash in their names, too.
        if (kind === 'evaluation') {
          this.#figures.add(name);
        }

        this.#put(name, kind === 'step' ? 'faint' : 'strong', at, value);
      }
    }

    return true;
  }

  get isEmpty() {
    return this.#series.size === 0;
  }

  draw() {
    const place = name => name === 'total' ? 0 : this.#figures.has(name) ? 2 : Last.includes(name) ? 3 : 1;
    const names = [...this.#series.keys()].toSorted((one, other) => place(one) - place(other));
    return names.map(name => chart(
      name.includes('/') ? name : title(name),
      Object.entries(this.#series.get(name)).filter(([, points]) => points.length > 0).map(([kind, points]) => ({ kind, points })),
      0,
      this.#epochs));
  }

  // What is done again after an interruption takes the place of what was done before it.
  #put(name, kind, at, value) {
    const lines = this.#series.get(name) ?? this.#series.set(name, { faint: [], strong: [] }).get(name);
    while (lines[kind].length > 0 && lines[kind].at(-1)[0] >= at) {
      lines[kind].pop();
    }

    lines[kind].push([at, value]);
  }
}
