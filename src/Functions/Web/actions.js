// What can be done to a run: cancel it, try it again, compare it.

import { send } from './api.js';
import { confirm } from './confirm.js';
import { el, link, put } from './dom.js';
import { problemBox } from './problems.js';
import { parents } from './specs.js';
import { isFinal } from './states.js';

// changed: is given the run as it is after something was done to it.
export function actions(run, changed, signal) {
  const address = `/api/runs/${run.id}`;
  const fault = el('div', {});
  const isSpoiled = ['failed', 'cancelled'].includes(run.status.state);
  const others = parents(run.spec).map(([, network]) => network.run).filter(Boolean);
  return el('div', {},
    el('div', { class: 'bar-of-actions' },
      !isFinal(run) && el('button', { type: 'button', class: 'danger', disabled: run.cancelRequested, click: cancel }, run.cancelRequested ? 'Stopping…' : 'Cancel'),
      isSpoiled && el('button', { type: 'button', class: 'primary', click: retry }, 'Try again'),
      run.status.report && link(`#/compare?runs=${[run.id, ...others].join(',')}`, others.length > 0 ? 'Compare with what it builds on' : 'Compare with other runs')),
    fault);

  async function cancel() {
    const question = 'Cancel this run?';
    const what = run.status.state === 'running' ? 'It stops at its next step and keeps a checkpoint, from which it can be tried again.' : 'It has not begun. Runs that wait for it fail.';
    if (await confirm(question, what, [['yes', 'Cancel the run']], 'Let it go on')) {
      await act('DELETE', address);
    }
  }

  async function retry() {
    const choices = [['checkpoint', 'From the last checkpoint'], ['start', 'From the start']];
    const from = await confirm('Try this run again?', 'It is queued again. From its last checkpoint it goes on where it was; from the start it does everything anew. Runs that failed because of it are tried again too.', choices, 'Leave it as it is');
    if (from) {
      await act('POST', `${address}/retry`, { from });
    }
  }

  async function act(method, path, body) {
    try {
      changed((await send(method, path, body, signal)).body);
    } catch (problem) {
      put(fault, problemBox(problem));
    }
  }
}
