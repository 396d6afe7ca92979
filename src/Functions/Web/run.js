// One run: where it stands and, while it lasts, how it goes on.

import { get } from './api.js';
import { actions } from './actions.js';
import { Curves } from './curves.js';
import { code, el, facts, name, put, section, table } from './dom.js';
import { failureBox } from './failure.js';
import { filesSection } from './files.js';
import { lineage } from './lineage.js';
import { follow } from './live.js';
import { Log } from './log.js';
import { problemBox, waiting } from './problems.js';
import { resultSection } from './results.js';
import { datasetLink, job } from './specs.js';
import { badge, bar, detail, isFinal } from './states.js';
import { bytes, duration, time } from './words.js';

const Submitted = {
  new: 'Submitted: a new run. It starts as soon as a runner is free and what it builds on has succeeded.',
  same: 'The very same was asked for before, and this is that run: nothing was started anew. To have it done once more, submit it with another “repeat”.',
};

export async function runView({ outlet, parts: [id], query, signal }) {
  const address = `/api/runs/${encodeURIComponent(id)}`;
  let run = await get(address, signal);
  const isTraining = run.spec.kind === 'train';
  const [curves, log] = [new Curves(), new Log()];
  const [state, progress, doing, why, figures, attempts, files, fault] = Array.from({ length: 8 }, () => el('div', {}));
  const said = el('p', { class: 'visually-hidden', role: 'status' });
  const charts = el('div', { class: 'charts' }, el('p', { class: 'hint' }, isFinal(run) ? 'It told nothing that could be drawn.' : 'Nothing yet: they grow here while the run is trained.'));
  let next = null;
  let shownState = null;

  put(outlet,
    el('h1', {}, 'Run ', code(run.id)),
    el('p', { class: 'lead' }, job(run.spec), ' on ', datasetLink(run.spec.dataset), ', seed ', String(run.spec.seed)),
    query.has('submitted') && el('p', { class: 'notice', role: 'status' }, Submitted[query.get('submitted')] ?? ''),
    fault, state, progress, said, doing, why, figures,
    isTraining && section('Curves', charts),
    section('What happened', log.element),
    attempts,
    await lineage(run, signal),
    files,
    section('Request', el('details', {}, el('summary', {}, 'What was asked for, as JSON'), el('pre', { tabindex: '0' }, JSON.stringify(run.spec, null, 2)))));
  show();
  void follow(refresh, (problem, wait) => put(fault, waiting(problem, wait)), signal);
  return `Run ${run.id}`;

  async function showWhatCameOut() {
    try {
      const left = (await get(`${address}/files`, signal)).files;
      put(files, filesSection(run, left, signal));
      put(figures, await resultSection(run, left, signal));
    } catch (problem) {
      if (!signal.aborted) {
        put(figures, problemBox(problem));
      }
    }
  }

  async function refresh() {
    const page = await get(`${address}/events${next === null ? '' : `?after=${encodeURIComponent(next)}`}`, signal);
    const isNew = page.next !== next;
    next = page.next;
    let draw = false;
    for (const event of page.events) {
      log.add(event);
      draw = curves.add(event) || draw;
    }

    if (draw && isTraining) {
      put(charts, curves.draw());
    }

    if (isNew && page.events.length > 0) {
      return 'more';
    }

    const before = run.status.updatedAt;
    const wasFinal = isFinal(run);
    run = await get(address, signal);
    if (signal.aborted) {
      return 'over';
    }

    show();
    return wasFinal && isFinal(run) ? 'over' : isFinal(run) ? 'more' : run.status.updatedAt !== before || run.status.state === 'running' ? 'busy' : 'idle';
  }

  function show() {
    const { status } = run;
    put(state, facts([
      ['State', [badge(status.state), run.cancelRequested && !isFinal(run) && ' stopping']],
      ['Submitted', time(status.submittedAt)],
      ['Started', status.startedAt && time(status.startedAt)],
      ['Finished', status.finishedAt && time(status.finishedAt)],
      ['Took', status.startedAt && status.finishedAt && duration((Date.parse(status.finishedAt) - Date.parse(status.startedAt)) / 1000)],
      ['Priority', status.priority !== 'normal' && status.priority],
      ['Runner', status.runner && name(status.runner)],
    ].filter(([, value]) => value)));
    put(progress, bar(run, 'Progress of this run'), el('p', {}, detail(run)));

    const isOther = shownState !== `${status.state} ${run.cancelRequested} ${status.attempt}`;
    if (!isOther) {
      return;
    }

    // What has buttons and tables is made anew only when the run stands elsewhere, so that nobody's focus is lost.
    const isFirst = shownState === null;
    shownState = `${status.state} ${run.cancelRequested} ${status.attempt}`;
    put(doing, actions(run, changed => {
      run = changed;
      show();
    }, signal));
    put(why, failureBox(run));
    put(attempts, attemptsSection(status));
    if (status.report && isFinal(run)) {
      void showWhatCameOut();
    }

    if (!isFirst) {
      said.textContent = `The run is ${status.state}.`;
    }
  }
}

function attemptsSection({ attempts }) {
  if (attempts.length < 2 && !attempts.some(attempt => attempt.message)) {
    return [];
  }

  const rows = attempts.map(attempt => [
    String(attempt.number), attempt.end ?? 'under way', time(attempt.startedAt), attempt.epoch === undefined ? '–' : `epoch ${attempt.epoch}, step ${attempt.step ?? 0}`,
    attempt.memoryBytes === undefined ? '–' : bytes(attempt.memoryBytes), name(attempt.runner), attempt.message ? name(attempt.message) : '–',
  ]);
  return [section('Attempts', table('How each attempt ended', ['Attempt', 'End', 'Started', 'Reached', 'Memory', 'Runner', 'What is known'], rows))];
}
