// Asks the API. What it refuses becomes a Problem that says why, where and what to do.

import { askForKey, key } from './key.js';

export class Problem extends Error {
  // errors: [{ path, message }], each a place in the request. retryAfter: seconds, where the API said so.
  constructor(status, detail, errors = [], retryAfter = null) {
    super(detail);
    Object.assign(this, { status, errors, retryAfter });
  }
}

export const get = async (path, signal) => (await answer(path, { signal, headers: { accept: 'application/json' } })).json();

export const blob = async (path, signal) => (await answer(path, { signal })).blob();

// The answer's status and its JSON: 200 and 202 do not mean the same.
export async function send(method, path, body, signal) {
  const response = await answer(path, { method, signal, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
  return { status: response.status, body: await response.json() };
}

// All pages of a list, up to a number of items. of: the name of the list in each page.
export async function list(path, of, most, signal) {
  const all = [];
  for (let next = ''; next !== null && all.length < most;) {
    const page = await get(`${path}${path.includes('?') ? '&' : '?'}limit=200${next && `&continue=${encodeURIComponent(next)}`}`, signal);
    all.push(...page[of]);
    next = page.continue ?? null;
  }

  return all.slice(0, most);
}

async function answer(path, request) {
  const shown = key();
  const response = await ask(path, { ...request, headers: { ...request.headers, ...(shown === null ? {} : { 'x-functions-key': shown }) } });
  if (response.ok) {
    return response;
  }

  if (response.status === 401 && await askForKey(shown) !== null) {
    return answer(path, request);
  }

  throw await problemOf(response);
}

async function ask(path, request) {
  try {
    return await fetch(path, { ...request, redirect: 'error' });
  } catch (fault) {
    if (request.signal?.aborted) {
      throw fault;
    }

    throw new Problem(0, 'The API does not answer. Is the network there? On your own machine, ./reid up starts it.');
  }
}

async function problemOf(response) {
  const retryAfter = Number(response.headers.get('retry-after')) || null;
  if (response.status === 401) {
    return new Problem(401, 'This takes a key, and none was given. Reload the page to be asked for it again.');
  }

  if (!response.headers.get('content-type')?.includes('json')) {
    return new Problem(response.status, `The API answered ${response.status} without saying why. Its log says more.`, [], retryAfter);
  }

  const problem = await response.json();
  return new Problem(response.status, problem.detail ?? `The API answered ${response.status}.`, problem.errors ?? [], retryAfter);
}
