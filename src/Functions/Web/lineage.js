// What a run builds on, and what builds on it.

import { get } from './api.js';
import { el, section } from './dom.js';
import { datasetLink, job, networkLink, parents, runLink } from './specs.js';
import { badge } from './states.js';

export async function lineage(run, signal) {
  const above = parents(run.spec);
  const below = run.spec.kind === 'train' ? (await get(`/api/runs/${run.id}/dependents`, signal)).runs : [];
  return above.length + below.length === 0 ? null : section('Lineage',
    above.length > 0 && el('h3', {}, 'Builds on'),
    above.length > 0 && el('ul', {}, above.map(([role, network]) => el('li', {}, `${role}: `, networkLink(network)))),
    below.length > 0 && el('h3', {}, 'Built upon by'),
    below.length > 0 && el('ul', { class: 'rows' }, below.map(child => el('li', {},
      el('span', { class: 'main' }, runLink(child.id), ' ', job(child.spec)), el('span', {}, datasetLink(child.spec.dataset)), badge(child.status.state)))));
}
