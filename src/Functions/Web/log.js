// The last of what happened in a run, a line each.

import { el } from './dom.js';
import { clock, number } from './words.js';

const Most = 200;

export class Log {
  element = el('ol', { class: 'log', tabindex: '0', role: 'log', 'aria-live': 'off', 'aria-label': 'What happened, oldest first' });

  // Steps are told by the curves.
  add(event) {
    if (event.kind === 'step') {
      return;
    }

    const atEnd = this.element.scrollTop + this.element.clientHeight >= this.element.scrollHeight - 8;
    this.element.append(el('li', {}, clock(event.at), ' ', el('strong', {}, event.kind), ' ', words(event)));
    while (this.element.childElementCount > Most) {
      this.element.firstElementChild.remove();
    }

    if (atEnd) {
      this.element.scrollTop = this.element.scrollHeight;
    }
  }
}

function words({ epoch, epochs, step, values, message }) {
  const figures = Object.entries(values ?? {}).filter(([name]) => name !== 'secondsRemaining').map(([name, value]) => `${name} ${number(value)}`);
  return [
    epoch !== undefined && (epochs ? `epoch ${epoch} of ${epochs}` : `epoch ${epoch}`),
    step > 0 && `step ${step}`,
    ...figures,
    message,
  ].filter(Boolean).join(', ');
}
