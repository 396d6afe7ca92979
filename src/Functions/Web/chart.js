// One quantity over the epochs as a line, with its last value in words.

import { el, svg } from './dom.js';
import { number } from './words.js';

const [Width, Height, Left, Right, Top, Bottom] = [320, 130, 42, 8, 8, 20];
const MostPoints = 400;

// lines: [{ points: [[x, y]], kind }], kind one of: faint, strong. from, to: the ends of the x axis.
export function chart(title, lines, from, to) {
  const thinned = lines.map(line => ({ ...line, points: thin(line.points) })).filter(line => line.points.length > 0);
  const values = thinned.flatMap(line => line.points.map(point => point[1]));
  const [low, high] = room(Math.min(...values), Math.max(...values));
  const x = value => Left + (Width - Left - Right) * (to === from ? 0 : (value - from) / (to - from));
  const y = value => Height - Bottom - (Height - Top - Bottom) * (value - low) / (high - low);
  const latest = lines.at(-1).points.at(-1) ?? lines[0].points.at(-1);
  return el('figure', { class: 'chart' },
    el('figcaption', {}, title, ' ', el('strong', {}, number(latest[1]))),
    svg('svg', { viewBox: `0 0 ${Width} ${Height}`, role: 'img', 'aria-label': `${title}: ${describe(lines)}` },
      [low, (low + high) / 2, high].map(value => [
        svg('line', { class: 'grid', x1: Left, x2: Width - Right, y1: y(value), y2: y(value) }),
        svg('text', { x: Left - 4, y: y(value) + 3, 'text-anchor': 'end' }, short(value)),
      ]),
      svg('text', { x: Left, y: Height - 5 }, number(from)),
      svg('text', { x: Width - Right, y: Height - 5, 'text-anchor': 'end' }, `epoch ${number(to)}`),
      thinned.map(line => svg('polyline', { class: line.kind, points: line.points.map(point => `${x(point[0]).toFixed(1)},${y(point[1]).toFixed(1)}`).join(' ') })),
      thinned.filter(line => line.kind === 'strong').flatMap(line => line.points.length > 60 ? [] : line.points.map(point => svg('circle', { cx: x(point[0]), cy: y(point[1]), r: 1.8 })))));
}

function describe(lines) {
  const points = lines.flatMap(line => line.points).toSorted((one, other) => one[0] - other[0]);
  return `${number(points[0][1])} at first, ${number(points.at(-1)[1])} at last, between ${number(Math.min(...points.map(point => point[1])))} and ${number(Math.max(...points.map(point => point[1])))}`;
}

const short = value => Math.abs(value) < 1e-12 ? '0' : number(Number(value.toPrecision(3)));

const room = (low, high) => low === high ? [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2] : [low, high];

const thin = points => points.length <= MostPoints ? points
  : [...points.filter((_, place) => place % Math.ceil(points.length / MostPoints) === 0), points.at(-1)];
