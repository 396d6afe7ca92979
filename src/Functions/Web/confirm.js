// Asks before something is done that cannot be undone by going back.

import { el, newId } from './dom.js';

// choices: [[value, words]]. The chosen value, or null.
export function confirm(question, text, choices, stay) {
  const id = newId('confirm');
  const dialog = el('dialog', { 'aria-labelledby': id },
    el('form', { method: 'dialog' },
      el('h2', { id }, question),
      el('p', {}, text),
      el('div', { class: 'actions' },
        el('button', { value: '', autofocus: true }, stay),
        choices.map(([value, words]) => el('button', { class: 'danger', value }, words)))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(dialog.returnValue || null);
  }));
}
