// The figures of a run that has succeeded, with their 95 % intervals.

import { get } from './api.js';
import { el, section, table } from './dom.js';
import { openers } from './opening.js';
import { percent } from './words.js';

const Metrics = [['mapStandard', 'mAP (standard)'], ['mapTrapezoidal', 'mAP (trapezoidal)'], ['minp', 'mINP'], ['rank1', 'rank-1'], ['rank5', 'rank-5'], ['rank10', 'rank-10']];

// files: what the run left; of an earlier version there is no page among it.
export async function resultSection(run, files, signal) {
  const report = await get(`/api/runs/${run.id}/report`, signal);
  const rows = settings => settings.map(figures => [figures.name, ...Metrics.map(([metric]) => [percent(figures[metric]), interval(figures.intervals?.[metric])])]);
  const heads = ['Setting', ...Metrics.map(([, words]) => words)];
  return [section('Result',
    openers(run, files, signal),
    terms(run.spec).length > 0 && el('ul', { class: 'warnings' }, terms(run.spec).map(term => el('li', {}, term))),
    report.settings.length > 0 && table('Figures of this run, 95 % intervals', heads, rows(report.settings)),
    (report.peers ?? []).map(peer => table(`Peer ${peer.peer}`, heads, rows(peer.settings))),
    report.against?.settings.length > 0 && table(`Measured beside it: ${report.against.checkpoint.run ?? report.against.checkpoint.weights}`, heads, rows(report.against.settings)),
    report.warnings.length > 0 && el('ul', { class: 'warnings' }, report.warnings.map(warning => el('li', {}, warning))))];
}

// On what terms the figures came about, where those are not the usual ones.
const terms = ({ evaluation, validation }) => [
  evaluation?.protocol === 'camera-less' && 'Measured by the camera-less protocol: easier, and not comparable with cross-camera figures.',
  validation && 'Measured on identities held back from the training split, not on the data set’s queries and gallery: not comparable with published figures.',
].filter(Boolean);

const interval = between => between ? el('small', {}, ` ${percent(between.low)} to ${percent(between.high)}`) : null;
