// A field for a network: a run that trains one, or pushed weights.

import { list } from './api.js';
import { el } from './dom.js';
import { job, NoRun, short } from './specs.js';

// What can be chosen. Runs that have not ended yet may be: whoever needs them waits.
export async function networks(signal) {
  const [runs, weights] = await Promise.all([list('/api/runs', 'runs', 400, signal), list('/api/weights', 'weights', 400, signal)]);
  return { runs: runs.filter(run => run.spec.kind === 'train' && !['failed', 'cancelled'].includes(run.status.state)), weights };
}

// value: { run, peer } or { weights } or nothing. The field, and how to read it: undefined where nothing is chosen.
export function networkField(id, value, mayBeNone, { runs, weights }) {
  const chosen = value?.weights ? `weights:${value.weights}` : value?.run && value.run !== NoRun ? ['run', value.run, ...(value.peer > 1 ? [value.peer] : [])].join(':') : '';
  const trained = runs.flatMap(run => [{ run, value: `run:${run.id}`, peer: '' }, ...others(run).map(peer => ({ run, value: `run:${run.id}:${peer}`, peer: `, peer ${peer}` }))]);
  const known = new Set(['', ...trained.map(one => one.value), ...weights.map(one => `weights:${one.name}`)]);
  const select = el('select', { id },
    el('option', { value: '' }, mayBeNone ? 'none' : 'choose…'),
    !known.has(chosen) && el('option', { value: chosen }, `${chosen.replace(':', ' ')}, which is not here`),
    trained.length > 0 && el('optgroup', { label: 'Runs' }, trained.map(({ run, value: option, peer }) => el('option', { value: option }, `${short(run.id)}${peer} – ${job(run.spec)} on ${run.spec.dataset}, ${run.status.state}`))),
    weights.length > 0 && el('optgroup', { label: 'Pushed weights' }, weights.map(one => el('option', { value: `weights:${one.name}` }, one.name))));
  select.value = chosen;
  return {
    element: select,
    read() {
      const [kind, name, peer] = select.value.split(':');
      return select.value === '' ? mayBeNone ? undefined : value?.run === NoRun ? undefined : {} : { [kind]: name, ...(peer ? { peer: Number(peer) } : {}) };
    },
  };
}

// Of mutual learning, all but the first, which is the run's own result.
const others = run => run.spec.method.kind === 'mutual-learning' ? Array.from({ length: Math.max(0, run.spec.method.peers - 1) }, (_, place) => place + 2) : [];
