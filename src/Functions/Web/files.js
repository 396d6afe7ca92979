// What a run left: each file by a short-lived address that the storage answers itself, without this system's key.

import { send } from './api.js';
import { el, put, section, table } from './dom.js';
import { problemBox } from './problems.js';
import { bytes } from './words.js';

export function filesSection(run, files, signal) {
  const fault = el('div', {});
  const rows = files.map(file => [el('button', { type: 'button', class: 'link', click: () => fetchIt(file) }, file.name), bytes(file.length), el('code', { class: 'hash' }, file.sha256)]);
  return section('Files', fault, files.length > 0 ? table('Files of this run', ['Name', 'Size', 'SHA-256'], rows) : el('p', {}, 'It left none besides its report.'));

  async function fetchIt(file) {
    try {
      const { body } = await send('POST', `/api/runs/${run.id}/files/${encodeURIComponent(file.name)}/address`, undefined, signal);
      put(fault);
      location.assign(body.url);
    } catch (problem) {
      put(fault, problemBox(problem));
    }
  }
}
