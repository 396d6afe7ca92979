// Opens a report: by its own address where no key is demanded, else fetched with the key and shown from this tab's memory.

import { blob } from './api.js';
import { el, put } from './dom.js';
import { key } from './key.js';
import { problemBox } from './problems.js';

const Forms = [['Open the report', 'html'], ['Markdown', 'md'], ['CSV', 'csv'], ['JSON', 'json']];

// Of a run: those forms that it left.
export const openers = (run, files, signal) => documents(
  Forms.filter(([, form]) => form === 'json' || files.some(file => file.name === `report.${form}`)).map(([words, form]) => [words, `/api/runs/${run.id}/report?format=${form}`]), signal);

// each: [words, address]
export function documents(each, signal) {
  const fault = el('div', {});
  return el('div', {}, el('p', { class: 'bar-of-actions' }, each.map(([words, address], place) => el('a', {
    href: address, target: '_blank', rel: 'noopener', class: place === 0 && 'button primary', click: event => open(event, address),
  }, words))), fault);

  async function open(event, address) {
    if (key() === null) {
      return;
    }

    event.preventDefault();
    try {
      location.assign(URL.createObjectURL(await blob(address, signal)));
    } catch (problem) {
      put(fault, problemBox(problem));
    }
  }
}
