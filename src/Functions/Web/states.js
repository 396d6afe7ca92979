// Where a run or a data set stands: a word and a sign, not a color alone; and how much of a run is done.

import { el } from './dom.js';
import { duration, number, plural } from './words.js';

const Signs = {
  waiting: '…', queued: '…', running: '▶', committing: '▶', succeeded: '✓', ready: '✓', failed: '✕', cancelled: '◼',
  note: 'i', warning: '!', error: '✕',
};

export const badge = state => el('span', { class: `badge ${state}` }, el('span', { 'aria-hidden': 'true' }, Signs[state]), ' ', state);

export const isFinal = run => ['succeeded', 'failed', 'cancelled'].includes(run.status.state);

// Between 0 and 1; null where nothing was told yet.
export function fraction({ spec, status }) {
  const told = status.progress;
  const within = told?.steps > 0 ? (told.step ?? 0) / told.steps : null;
  return status.state === 'succeeded' ? 1
    : told?.epochs > 0 ? Math.min(1, ((told.epoch ?? 0) + (within ?? 0)) / told.epochs)
    : spec.kind === 'train' ? null
    : within;
}

// Epoch 3 of 14 · loss 1.17 · 314 images/s · 0:20 left
export function detail(run) {
  const { status } = run;
  const told = status.progress;
  const values = told?.values ?? {};
  const parts = [];
  if (told?.epochs) {
    parts.push(`epoch ${Math.min((told.epoch ?? 0) + (isFinal(run) || told.kind === 'epoch' ? 0 : 1), told.epochs)} of ${told.epochs}`);
  }

  if (!isFinal(run)) {
    parts.push(values.total !== undefined && `loss ${number(values.total)}`);
    parts.push(values.imagesPerSecond !== undefined && `${number(values.imagesPerSecond)} images/s`);
    parts.push(told?.kind === 'evaluation' && (told.message ?? 'evaluating'));
    parts.push(status.state === 'running' && values.secondsRemaining >= 0 && `${duration(values.secondsRemaining)} left`);
  }

  parts.push(status.attempt > 1 && plural(status.attempt, 'attempt'));
  parts.push(run.cancelRequested && !isFinal(run) && 'stopping');
  return parts.filter(Boolean).join(' · ');
}

// Its words are the label: a bar says nothing to whoever cannot see it.
export function bar(run, label) {
  const done = fraction(run);
  return isFinal(run) || status(run) === 'waiting' || status(run) === 'queued' ? null
    : el('progress', { max: '1', 'aria-label': label, ...(done === null ? {} : { value: String(done) }) });
}

const status = run => run.status.state;
