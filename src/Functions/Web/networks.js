// A field for a network: a run that trains one, or pushed weights.

import { list } from './api.js';
import { el } from './dom.js';
import { job, NoRun, short } from './specs.js';

// What can be chosen. Runs that have not ended yet may be: whoever needs them waits.
export async function networks(signal) {
  const [runs, weights] = await Promise.all([list('/api/runs', 'runs', 400, signal), list('/api/weights', 'weights', 400, signal)]);
  return { runs: runs.filter(run => run.spec.kind === 'train' && !['failed', 'cancelled'].includes(run.status.state)), weights };
}

// value: { run } or { weights } or nothing. The field, and how to read it: undefined where nothing is chosen.
export function networkField(id, value, mayBeNone, { runs, weights }) {
  const chosen = value?.weights ? `weights:${value.weights}` : value?.run && value.run !== NoRun ? `run:${value.run}` : '';
  const known = new Set(['', ...runs.map(run => `run:${run.id}`), ...weights.map(one => `weights:${one.name}`)]);
  const select = el('select', { id },
    el('option', { value: '' }, mayBeNone ? 'none' : 'choose…'),
    !known.has(chosen) && el('option', { value: chosen }, `${chosen.replace(':', ' ')}, which is not here`),
    runs.length > 0 && el('optgroup', { label: 'Runs' }, runs.map(run => el('option', { value: `run:${run.id}` }, `${short(run.id)} – ${job(run.spec)} on ${run.spec.dataset}, ${run.status.state}`))),
    weights.length > 0 && el('optgroup', { label: 'Pushed weights' }, weights.map(one => el('option', { value: `weights:${one.name}` }, one.name))));
  select.value = chosen;
  return {
    element: select,
    read() {
      const [kind, ...rest] = select.value.split(':');
      return select.value === '' ? mayBeNone ? undefined : value?.run === NoRun ? undefined : {} : { [kind]: rest.join(':') };
    },
  };
}
