// Why a run failed, and what to do about it.

import { code, el } from './dom.js';

export function failureBox({ status, remedy }) {
  const { failure } = status;
  return !failure ? [] : [el('section', { class: 'problem', 'aria-label': 'Why it failed' },
    el('h2', {}, 'Failed: ', failure.cause),
    el('p', { class: 'words' }, failure.message),
    remedy && el('p', {}, el('strong', {}, 'What to do: '), remedy.advice, remedy.command && [': ', code(remedy.command)], '.'),
    failure.detail && el('details', {}, el('summary', {}, 'The whole exception'), el('pre', { tabindex: '0' }, failure.detail)))];
}
