// The function key, where the API demands one: asked for once, kept in this tab alone, gone when it is closed.

import { el, newId } from './dom.js';

const Place = 'reidcloud-key';
let asking = null;

export const key = () => sessionStorage.getItem(Place);

// The key that the reader gives, or null for none. Many requests may ask at once: the reader is asked once.
// refused: the key that was shown and is not the one, if one was.
export function askForKey(refused) {
  if (key() !== refused) {
    return Promise.resolve(key());
  }

  asking ??= ask(refused !== null).finally(() => asking = null);
  return asking;
}

function ask(wasRefused) {
  const id = newId('key');
  const input = el('input', { id, type: 'password', autocomplete: 'off', required: true, 'aria-describedby': `${id}-hint` });
  const dialog = el('dialog', { 'aria-labelledby': `${id}-title` },
    el('form', { method: 'dialog' },
      el('h2', { id: `${id}-title` }, 'This system demands a key'),
      wasRefused && el('p', { class: 'error', role: 'alert' }, 'That key was refused.'),
      el('label', { for: id }, 'Function key'),
      input,
      el('p', { id: `${id}-hint`, class: 'hint' }, 'Whoever runs the system has it. It stays in this tab and is forgotten when the tab is closed.'),
      el('div', { class: 'actions' },
        el('button', { class: 'primary', value: 'use' }, 'Use this key'),
        el('button', { value: '', formnovalidate: true }, 'Go on without'))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => {
    const given = dialog.returnValue === 'use' ? input.value : null;
    dialog.remove();
    if (given === null) {
      sessionStorage.removeItem(Place);
    } else {
      sessionStorage.setItem(Place, given);
    }

    resolve(given);
  }));
}
