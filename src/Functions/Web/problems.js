// Why something did not work, where, and what to do.

import { code, el } from './dom.js';

// again: what to do to try once more, if that may help.
export function problemBox(problem, again) {
  const isOurs = problem.status === undefined;
  return el('div', { class: 'problem', role: 'alert' },
    el('p', {}, isOurs ? `This page has a fault: ${problem.message}` : problem.message),
    problem.errors?.length > 1 && el('ul', {}, problem.errors.map(error => el('li', {}, code(error.path), ' ', error.message))),
    again && el('button', { type: 'button', click: again }, 'Try again'));
}

// Of what is asked for again and again: why the last time failed, or nothing.
export const waiting = (problem, wait) => problem && [problemBox(problem), el('p', { class: 'hint' }, `Trying again in ${wait} s.`)];

// Nothing is there yet: what would make something be there.
export const empty = (text, ...commands) => el('div', { class: 'empty' }, el('p', {}, text), commands.length > 0 && el('pre', {}, commands.join('\n')));
