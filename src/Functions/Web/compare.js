// Runs side by side.

import { get } from './api.js';
import { code, el, name, put, section, table } from './dom.js';
import { documents } from './opening.js';
import { empty, problemBox } from './problems.js';
import { datasetLink, runLink, short } from './specs.js';
import { duration, number, percent } from './words.js';

const Words = { mapStandard: 'mAP (standard)', mapTrapezoidal: 'mAP (trapezoidal)', minp: 'mINP', rank1: 'rank-1', rank5: 'rank-5', rank10: 'rank-10' };

export async function compareView({ outlet, query, signal }) {
  const asked = (query.get('runs') ?? '').split(/[\s,]+/).filter(Boolean);
  const input = el('input', { id: 'runs', type: 'text', autocomplete: 'off', spellcheck: 'false', value: asked.join(' '), 'aria-describedby': 'runs-hint' });
  const result = el('div', {});
  put(outlet,
    el('h1', {}, 'Compare runs'),
    el('form', { submit: choose },
      el('div', { class: 'field' }, el('label', { for: 'runs' }, 'Runs'), input,
        el('p', { class: 'hint', id: 'runs-hint' }, 'Ids, the one to measure against first. Or tick them in the list of runs.')),
      el('div', { class: 'actions' }, el('button', { class: 'primary' }, 'Compare'))),
    result);
  if (asked.length > 1) {
    const address = `/api/compare?runs=${asked.map(encodeURIComponent).join(',')}`;
    try {
      put(result, shown(await get(address, signal), address, signal));
    } catch (problem) {
      put(result, problemBox(problem));
    }
  } else {
    put(result, empty('Name two runs or more. On the command line it is:', './reid compare RUN RUN'));
  }

  return 'Compare runs';

  function choose(event) {
    event.preventDefault();
    location.hash = `#/compare?runs=${input.value.trim().split(/[\s,]+/).map(encodeURIComponent).join(',')}`;
  }
}

function shown({ runs, figures, groups, differences, specs, lineages, matrices, notes }, address, signal) {
  const heads = runs.map(({ run }) => runLink(run));
  return [
    documents([['As a page', `${address}&format=html`], ['Markdown', `${address}&format=md`], ['CSV', `${address}&format=csv`], ['JSON', `${address}&format=json`]], signal),
    notes.length > 0 && el('ul', { class: 'warnings' }, notes.map(note => el('li', {}, note))),
    table('The runs', ['Run', 'What', 'Data set', 'Took', 'Images/s'],
      runs.map(({ run, title, spec, cost }) => [runLink(run), title, datasetLink(spec.dataset), duration(cost.seconds), number(cost.trainingImagesPerSecond)])),
    ...byName(figures).map(([title, some]) => section(title,
      table(`${title}, 95 % intervals`, ['Figure', ...heads.map(head => head.cloneNode(true))], some.map(({ metric, values }) => [Words[metric] ?? metric, ...values.map(cell)])))),
    differences.length > 0 && section('Differences, query by query', differences.map(({ run, against, differences: each }) => table(
      `${short(run)} minus ${short(against)}`, ['Setting', 'Figure', 'Difference', '95 % interval', 'p'],
      each.map(({ name: title, metric, difference, interval, pValue }) => [title, Words[metric] ?? metric, points(difference), `${points(interval.low)} to ${points(interval.high)}`, number(pValue)])))),
    groups.length > 0 && section('What seeds alone change', groups.map(({ title, runs: same, figures: each }) => table(
      `${title}: ${same.length} runs`, ['Setting', 'Figure', 'Outcomes', 'Mean', 'Standard deviation'],
      each.map(({ metric, count, mean, deviation, ...figure }) => [called(figure), Words[metric] ?? metric, String(count), percent(mean), deviation === undefined ? '–' : points(deviation).replace('+', '')])))),
    matrices.length > 0 && section('Across data sets', matrices.flatMap(({ name: title, metric, datasets, rows, seeds }) => [
      seeds.length > 0 && table(
        `${title}, ${Words[metric] ?? metric}: trained on and tested on, mean ± standard deviation over seeds`, ['Trained', ...datasets.map(name)],
        seeds.map(({ title, cells }) => [title, ...cells.map(found => found && `${percent(found.mean)}${found.deviation === undefined ? '' : ` ± ${points(found.deviation).replace('+', '')}`} (n = ${found.count})`)])),
      table(`${title}, ${Words[metric] ?? metric}`, ['Model', ...datasets.map(name)], rows.map(({ title, cells }) => [title, ...cells.map(found => found && cell(found.figure))])),
    ])),
    places('In what the requests differ', specs, runs),
    places('In what the circumstances differ', lineages, runs),
  ];
}

const places = (title, differing, runs) => differing.length > 0 && section(title,
  table(title, ['Place', ...runs.map(({ run }) => short(run))], differing.map(({ path, values }) => [code(path), ...values.map(value => value === null ? '–' : name(value))])));

const byName = figures => Object.entries(Object.groupBy(figures, called));

// image-to-image/local/re-ranked, peer 2
const called = figure => figure.peer ? `${figure.name}, peer ${figure.peer}` : figure.name;

const cell = value => value && [percent(value.value), value.interval && el('small', {}, ` ${percent(value.interval.low)} to ${percent(value.interval.high)}`)];

const points = fraction => `${fraction > 0 ? '+' : ''}${(100 * fraction).toFixed(1)}`;
