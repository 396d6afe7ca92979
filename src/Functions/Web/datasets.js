// All data sets by name.

import { get } from './api.js';
import { el, link, put } from './dom.js';
import { empty, problemBox } from './problems.js';
import { datasetLink } from './specs.js';
import { badge } from './states.js';
import { plural, time } from './words.js';

export async function datasetsView({ outlet, signal }) {
  const page = await get('/api/datasets', signal);
  const list = el('ul', { class: 'rows sets' });
  const more = el('button', { type: 'button', click: loadMore }, 'Show more');
  const fault = el('div', {});
  let next = null;
  put(outlet,
    el('h1', {}, 'Data sets'),
    page.datasets.length === 0
      ? empty('There are no data sets yet. Make one up, or push a folder or an archive of your own:', './reid synth --layout mars --output people.zip', './reid dataset push people.zip --name people')
      : el('p', { class: 'hint' }, 'Another one: ', el('code', {}, './reid dataset push FOLDER --name NAME')),
    list, more, fault);
  show(page);
  return 'Data sets';

  function show({ datasets, continue: following }) {
    list.append(...datasets.map(row));
    next = following ?? null;
    more.hidden = next === null;
  }

  async function loadMore() {
    try {
      show(await get(`/api/datasets?continue=${encodeURIComponent(next)}`, signal));
    } catch (problem) {
      put(fault, problemBox(problem));
    }
  }
}

const row = dataset => el('li', {},
  el('span', { class: 'main' }, datasetLink(dataset.name)),
  badge(dataset.state),
  el('span', { class: 'grow' }, summary(dataset)),
  el('span', { class: 'hint' }, time(dataset.updatedAt)),
  dataset.state === 'ready' && el('span', {}, link(`#/start?dataset=${encodeURIComponent(dataset.name)}`, 'Start a run', el('span', { class: 'visually-hidden' }, ` on ${dataset.name}`))));

function summary({ layout, diagnosis, failure, progress }) {
  if (diagnosis) {
    const { train, query, gallery, findings } = diagnosis;
    const warnings = findings.filter(finding => finding.severity !== 'note').length;
    return [
      `${layout}: ${plural(train.identities + gallery.identities, 'identity', 'identities')}, ${plural(train.frames + query.frames + gallery.frames, 'frame')}`,
      warnings > 0 && `, ${plural(warnings, 'warning')}`,
    ].filter(Boolean).join('');
  }

  return failure ?? (progress ? `${progress.step}: ${progress.done} of ${progress.total}` : '');
}
