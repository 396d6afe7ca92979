// Asks for a run: a preset to begin with, a form for what is to be another way, and what is wrong with it at the very field.

import { get, list, send } from './api.js';
import { code, el, facts, newId, put } from './dom.js';
import { SpecForm } from './form.js';
import { networks } from './networks.js';
import { empty, problemBox } from './problems.js';
import { percent } from './words.js';

export async function startView({ outlet, parts: [name], query, signal }) {
  const [{ presets }, { schema }, datasets, choices] = await Promise.all([
    get('/api/presets', signal), get('/api/catalog', signal), list('/api/datasets', 'datasets', 1000, signal), networks(signal)]);
  const blind = new Set(datasets.filter(dataset => findsNothingAcrossCameras(dataset.diagnosis)).map(dataset => dataset.name));
  const ready = datasets.filter(dataset => dataset.state === 'ready').map(dataset => dataset.name);
  const preset = presets.find(candidate => candidate.name === name);
  const kept = query.size > 0 ? `?${query}` : '';
  const select = el('select', { id: 'preset', change: () => location.hash = `#/start/${select.value}${kept}` },
    !preset && el('option', { value: '' }, 'choose…'),
    Object.entries(Object.groupBy(presets, one => one.spec.dataset)).map(([dataset, some]) => el('optgroup', { label: dataset }, some.map(one => el('option', { value: one.name, selected: one === preset }, one.name)))));

  put(outlet,
    el('h1', {}, 'Start a run'),
    el('p', { class: 'lead' }, 'A preset is a complete recipe. Choose one, then change what you want another way.'),
    el('div', { class: 'field' }, el('label', { for: 'preset' }, 'Preset'), select),
    ready.length === 0 && empty('A run needs a data set, and none is ready. Make one up, or push a folder or an archive of your own:', './reid synth --layout mars --output people.zip', './reid dataset push people.zip --name people'),
    name && !preset && problemBox({ status: 404, message: `There is no preset '${name}'. The list above has those there are.` }),
    ...(preset ? body(preset) : []));
  return preset ? `Start ${preset.name}` : 'Start a run';

  function body({ summary, source, published, spec }) {
    const wanted = query.get('dataset') ?? (ready.includes(spec.dataset) ? spec.dataset : ready.length === 1 ? ready[0] : spec.dataset);
    const adapted = blind.has(wanted) && spec.evaluation?.protocol === 'cross-camera';
    const form = new SpecForm(schema, { ...spec, dataset: wanted, ...(adapted && { evaluation: { ...spec.evaluation, protocol: 'camera-less' } }) }, { datasets: ready, ...choices });
    const summaryOfErrors = el('div', { tabindex: '-1' });
    const id = newId('priority');
    const priority = el('select', { id }, el('option', { value: 'normal' }, 'normal'), el('option', { value: 'high' }, 'high: before others'));
    const button = el('button', { class: 'primary' }, 'Submit');
    return [
      el('p', {}, summary, '.'),
      facts([['Recipe from', source], ...published.map(figure => [testOf(figure), `published mAP (${figure.mapStandard === undefined ? 'trapezoidal' : 'standard'}) ${percent(figure.mapTrapezoidal ?? figure.mapStandard)}, rank-1 ${percent(figure.rank1)}`])]),
      el('form', { novalidate: true, submit },
        summaryOfErrors,
        form.first,
        adapted && el('p', { class: 'hint' }, 'In this data set nothing is found across cameras, so it is measured by the protocol camera-less. Its figures do not compare with those of others.'),
        form.networks.childElementCount > 0 && el('h2', {}, 'Networks it builds on'), form.networks,
        el('h2', {}, 'Everything else'), el('p', { class: 'hint' }, 'As the preset has it, unless you change it.'), form.others,
        el('div', { class: 'field' }, el('label', { for: id }, 'Priority'), priority),
        el('div', { class: 'actions' }, button)),
    ];

    async function submit(event) {
      event.preventDefault();
      button.disabled = true;
      put(summaryOfErrors);
      form.show([]);
      try {
        const { status, body: run } = await send('POST', `/api/runs${priority.value === 'high' ? '?priority=high' : ''}`, form.read(), signal);
        location.hash = `#/runs/${run.id}?submitted=${status === 202 ? 'new' : 'same'}`;
      } catch (problem) {
        button.disabled = false;
        form.show(problem.errors ?? []);
        put(summaryOfErrors, refusal(problem, form));
        summaryOfErrors.focus();
      }
    }
  }
}

// As the API refuses it: ProtocolRules.
const findsNothingAcrossCameras = diagnosis => Boolean(diagnosis?.matches?.queries) && (!diagnosis.hasCameras || diagnosis.matches.acrossCamerasJoined === 0);

function testOf({ setting, variant, peer, dataset }) {
  const words = [setting, variant?.distance !== 'global' && variant?.distance, variant?.reRanked && 're-ranked'].filter(word => word).join('/');
  return [dataset && `on ${dataset}`, peer && `peer ${peer}`, words].filter(word => word).join(', ');
}

function refusal(problem, form) {
  if (!problem.errors?.length) {
    return problemBox(problem);
  }

  return el('div', { class: 'problem', role: 'alert' },
    el('p', {}, problem.errors.length === 1 ? 'One thing is to be mended:' : `${problem.errors.length} things are to be mended:`),
    el('ul', {}, problem.errors.map(error => el('li', {}, el('button', { type: 'button', class: 'link', click: () => form.go(error.path) }, code(error.path)), ' ', error.message))));
}
