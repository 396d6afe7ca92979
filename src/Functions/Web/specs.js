// What a run was asked for, in words and links.

import { link, name } from './dom.js';

// Stands in a preset where the id of a run belongs.
export const NoRun = '0'.repeat(20);

export const short = run => run.slice(0, 8);

export function job(spec) {
  return spec.kind === 'train' ? `${spec.method.kind}, ${spec.model.backbone}` : spec.kind;
}

// The networks that a run builds on: [[role, { run } or { weights }]].
export function parents(spec) {
  const places = spec.kind === 'train'
    ? [['teacher', spec.method.teacher], ['student’s own start', spec.method.student], ['trained alone', spec.method.alone], ['initial weights', spec.initialWeights]]
    : [['network', spec.checkpoint], ['against', spec.against]];
  return places.filter(([, network]) => network);
}

export const networkLink = network => network.run ? [runLink(network.run), network.peer > 1 && `, peer ${network.peer}`] : ['weights ', name(network.weights)];

export const runLink = run => link(`#/runs/${run}`, short(run));

export const datasetLink = dataset => link(`#/datasets/${encodeURIComponent(dataset)}`, name(dataset));
