// Figures, times and names as people read them.

import { el } from './dom.js';

export const percent = fraction => fraction === null || fraction === undefined ? '–' : `${(100 * fraction).toFixed(1)}\u00a0%`;

export const count = whole => whole.toLocaleString('en');

// Four digits that matter, small and large ones by their power of ten.
export function number(value) {
  const size = Math.abs(value);
  return Number.isInteger(value) && size < 1e6 ? String(value)
    : size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}

export function bytes(length) {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, length < 1 ? 0 : Math.floor(Math.log(length) / Math.log(1024)));
  return power === 0 ? plural(length, 'byte') : `${(length / 1024 ** power).toFixed(1)} ${units[power]}`;
}

// 1:05, 2:03:04.
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = part => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export const time = at => el('time', { datetime: at, title: at }, new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }));

export const clock = at => el('time', { datetime: at, title: at }, new Date(at).toLocaleTimeString('en-GB'));

// learningRate → Learning rate; dataset → Data set.
export function title(member) {
  if (member === 'dataset') {
    return 'Data set';
  }

  const words = member.replace(/([A-Z])/g, ' $1').toLowerCase();
  return words[0].toUpperCase() + words.slice(1);
}

export const plural = (many, one, more = `${one}s`) => `${count(many)} ${many === 1 ? one : more}`;
