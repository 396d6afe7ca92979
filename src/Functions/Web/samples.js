// A few identities of a data set, each as different cameras saw it.

import { blob, get } from './api.js';
import { el, name } from './dom.js';
import { problemBox } from './problems.js';
import { plural } from './words.js';

const Words = { train: 'Train', query: 'Query', 'query-image': 'Query images', 'multi-query': 'More images of the queries', gallery: 'Gallery' };

export async function samplesSection(dataset, signal) {
  try {
    const { tracklets } = await get(`/api/datasets/${encodeURIComponent(dataset)}/samples`, signal);
    return Object.entries(Object.groupBy(tracklets, tracklet => tracklet.split)).map(([split, some]) => el('div', {},
      el('h3', {}, Words[split] ?? split),
      el('ul', { class: 'samples' }, some.map(tracklet => sample(tracklet, signal)))));
  } catch (problem) {
    return signal.aborted ? [] : [problemBox(problem)];
  }
}

const sample = (tracklet, signal) => el('li', {},
  el('div', { class: 'pictures' }, tracklet.frames.map(frame => picture(frame, tracklet, signal))),
  el('p', {}, who(tracklet), el('br', {}), el('span', { class: 'hint' }, 'camera ', name(tracklet.camera), tracklet.modality === 'infrared' && ', infrared', `, ${plural(tracklet.frameCount, 'frame')}`)));

const who = ({ identity }) => identity === undefined ? 'distractor' : ['identity ', name(identity)];

// Fetched rather than linked to: where a key is demanded, a picture's address alone does not show it.
function picture(frame, { identity, camera }, signal) {
  const image = el('img', { alt: `${identity === undefined ? 'A distractor' : `Identity ${identity}`} from camera ${camera}`, title: frame.name });
  void blob(frame.address, signal).then(content => {
    const address = URL.createObjectURL(content);
    image.addEventListener('load', () => URL.revokeObjectURL(address), { once: true });
    image.src = address;
  }, fault => {
    if (!signal.aborted) {
      image.replaceWith(el('span', { class: 'missing', title: fault.message }, 'cannot be shown'));
    }
  });
  return image;
}
