// One data set: what it holds, what was noticed about it, and a few of its pictures.

import { get } from './api.js';
import { code, el, facts, link, name, put, section, table } from './dom.js';
import { follow } from './live.js';
import { waiting } from './problems.js';
import { samplesSection } from './samples.js';
import { datasetLink } from './specs.js';
import { badge } from './states.js';
import { count, time } from './words.js';

export async function datasetView({ outlet, parts: [dataset], signal }) {
  const address = `/api/datasets/${encodeURIComponent(dataset)}`;
  const body = el('div', {});
  const fault = el('div', {});
  let view = await get(address, signal);
  put(outlet, el('h1', {}, 'Data set ', name(view.name)), fault, body);
  show();
  if (view.state === 'committing') {
    void follow(refresh, (problem, wait) => put(fault, waiting(problem, wait)), signal);
  }

  return `Data set ${view.name}`;

  async function refresh() {
    view = await get(address, signal);
    show();
    return view.state === 'committing' ? 'busy' : 'over';
  }

  function show() {
    put(body,
      facts([['State', badge(view.state)], ['Layout', view.layout], ['Variant', view.variant], ['Made of the files of', view.from && datasetLink(view.from)], ['Trained on together', view.combine?.datasets.flatMap((part, place) => [place > 0 && ', ', datasetLink(part)])], ['Measured on', view.combine?.test && datasetLink(view.combine.test)], ['Since', time(view.updatedAt)], ['Content', view.hash && el('code', { class: 'hash' }, view.hash)]]),
      ...(view.state === 'committing' ? [working(view)] : view.state === 'failed' ? [failed(view)] : ready(view, signal)));
  }
}

const working = ({ progress }) => el('div', { role: 'status' },
  el('p', {}, progress ? `${progress.step}: ${count(progress.done)} of ${count(progress.total)}` : 'Its files are being looked at.'),
  progress && el('progress', { max: String(progress.total || 1), value: String(progress.done), 'aria-label': progress.step }));

const failed = ({ name: dataset, failure, findings }) => el('div', {},
  el('div', { class: 'problem' }, el('p', { class: 'words' }, failure), el('p', {}, 'Mend what is named below, then push it again: ', code(`./reid dataset push FOLDER --name ${dataset}`))),
  findingsSection(findings ?? []));

function ready({ name: dataset, diagnosis }, signal) {
  const splits = [['train', diagnosis.train], ['query', diagnosis.query], ['query images', diagnosis.queryImage], ['more images of the queries', diagnosis.multiQuery], ['gallery', diagnosis.gallery]].filter(([, counts]) => counts);
  const samples = el('div', {}, el('p', { class: 'hint' }, 'Asking for pictures…'));
  void samplesSection(dataset, signal).then(shown => put(samples, shown));
  return [
    el('p', { class: 'bar-of-actions' }, el('a', { class: 'button primary', href: `#/start?dataset=${encodeURIComponent(dataset)}` }, 'Start a run on it'), link('#/runs', 'Runs')),
    section('What it holds', table('Counts of each split', ['Split', 'Identities', 'Cameras', 'Tracklets', 'Frames', 'Distractors'],
      splits.map(([split, counts]) => [split, ...[counts.identities, counts.cameras, counts.tracklets, counts.frames, counts.distractors].map(count)]))),
    findingsSection(diagnosis.findings),
    section('Samples', samples),
  ];
}

const findingsSection = findings => section('Diagnosis', findings.length === 0
  ? el('p', {}, 'Nothing was found that would spoil a training or an evaluation.')
  : el('ul', { class: 'findings' }, findings.map(finding => el('li', {},
    badge(finding.severity), ' ', code(finding.code), ` (${count(finding.count)}): `, finding.message,
    finding.examples.length > 0 && el('details', {}, el('summary', {}, 'Where'), el('ul', {}, finding.examples.map(example => el('li', {}, name(example)))))))));
