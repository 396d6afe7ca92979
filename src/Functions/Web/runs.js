// All runs, newest first; some of them chosen to be compared.

import { get } from './api.js';
import { el, link, put } from './dom.js';
import { follow } from './live.js';
import { empty, problemBox, waiting } from './problems.js';
import { datasetLink, job, runLink } from './specs.js';
import { badge, bar, detail, isFinal } from './states.js';
import { plural, time } from './words.js';

const States = ['waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled'];
const PageSize = 30;

export async function runsView({ outlet, query, signal }) {
  const state = query.get('state') ?? '';
  const chosen = new Set();
  const items = new Map();
  let next = null;

  const address = after => `/api/runs?limit=${PageSize}${state && `&state=${encodeURIComponent(state)}`}${after === null ? '' : `&continue=${encodeURIComponent(after)}`}`;
  const page = await get(address(null), signal);

  const filter = el('select', { id: 'state', change: () => location.hash = filter.value === '' ? '#/runs' : `#/runs?state=${filter.value}` },
    el('option', { value: '' }, 'all'), States.map(one => el('option', { value: one, selected: one === state }, one)));
  const list = el('ul', { class: 'rows chosen' });
  const more = el('button', { type: 'button', hidden: true, click: loadMore }, 'Show older runs');
  const note = el('p', { class: 'hint', role: 'status' });
  const fault = el('div', {});
  const compare = link('#/compare', 'Compare the chosen');
  const comparing = el('p', { class: 'bar-of-actions', hidden: true }, compare);
  const none = empty(
    state === '' ? 'There are no runs yet. Ask for one under “Start a run”, or on the command line, where the first does everything by itself:' : `No run is ${state}.`,
    ...(state === '' ? ['./reid demo', './reid submit --preset demo-teacher --dataset NAME'] : []));

  put(outlet,
    el('h1', {}, 'Runs'),
    el('div', { class: 'bar-of-actions' }, el('label', { for: 'state' }, 'State '), filter, link('#/start', 'Start a run')),
    fault, comparing, none, list, more, note);
  show(page);
  void follow(refresh, (problem, wait) => put(fault, waiting(problem, wait)), signal);
  return 'Runs';

  function show(shown) {
    for (const run of shown.runs) {
      const before = items.get(run.id);
      const item = row(run, before?.querySelector('input'));
      before ? put(before, ...item.childNodes) : list.append(item);
      items.set(run.id, before ?? item);
    }

    for (const damaged of shown.damaged ?? []) {
      if (!items.has(damaged.name)) {
        const item = el('li', {}, el('span', {}, damaged.name), el('span', { class: 'error' }, `cannot be read: ${damaged.fault}`));
        items.set(damaged.name, item);
        list.append(item);
      }
    }

    next = shown.continue ?? null;
    more.hidden = next === null;
    none.hidden = items.size > 0;
  }

  // The newest page again. New runs come first; those of older pages stay as they were read.
  async function refresh() {
    const newest = await get(address(null), signal);
    const isOnly = items.size <= PageSize;
    const fresh = newest.runs.filter(run => !items.has(run.id));
    for (const run of fresh.reverse()) {
      const item = row(run, null);
      items.set(run.id, item);
      list.prepend(item);
    }

    const followed = next;
    show({ ...newest, continue: isOnly ? newest.continue : followed });
    if (fresh.length > 0 && isOnly) {
      note.textContent = `${plural(fresh.length, 'new run')}.`;
    }

    return newest.runs.some(run => !isFinal(run)) ? 'busy' : 'idle';
  }

  async function loadMore() {
    const before = items.size;
    more.disabled = true;
    try {
      show(await get(address(next), signal));
      note.textContent = `${plural(items.size - before, 'older run')} shown.`;
    } catch (problem) {
      put(fault, problemBox(problem));
    }

    more.disabled = false;
  }

  function row(run, checkbox) {
    const box = checkbox ?? el('input', { type: 'checkbox', 'aria-label': `Compare run ${run.id}`, change: () => choose(run.id, box.checked) });
    return el('li', {},
      el('span', { class: 'choose' }, box),
      el('span', { class: 'main' }, runLink(run.id), ' ', job(run.spec)),
      el('span', {}, datasetLink(run.spec.dataset)),
      badge(run.status.state),
      el('span', { class: 'grow' }, bar(run, `Progress of run ${run.id}`), detail(run), run.status.failure && ` ${run.status.failure.cause}`),
      el('span', { class: 'hint' }, time(run.status.submittedAt)));
  }

  function choose(run, isChosen) {
    isChosen ? chosen.add(run) : chosen.delete(run);
    comparing.hidden = chosen.size < 2;
    compare.href = `#/compare?runs=${[...chosen].join(',')}`;
    compare.textContent = `Compare ${plural(chosen.size, 'run')}`;
  }
}
