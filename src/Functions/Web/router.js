// Which view belongs to which address behind the #. A view is left by ending its signal: it stops asking then.

import { el } from './dom.js';
import { problemBox } from './problems.js';

// Each route: its pattern and (place) => title. place: { outlet, parts, query, signal }.
export function route(main, routes) {
  let leaving = null;
  let first = true;

  const show = async () => {
    if (location.hash !== '' && !location.hash.startsWith('#/')) {
      return;
    }

    leaving?.abort();
    leaving = new AbortController();
    const { signal } = leaving;
    const [path, search] = location.hash.slice(2).split('?');
    const [pattern, view] = routes.find(([candidate]) => candidate.test(path)) ?? [/(.*)/, missing];
    markCurrent(path);

    const outlet = el('div', { class: 'view', 'aria-busy': 'true' }, el('p', { class: 'hint' }, 'Asking the API…'));
    main.replaceChildren(outlet);
    try {
      const parts = pattern.exec(path).slice(1).map(part => part && decodeURIComponent(part));
      const title = await view({ outlet, parts, query: new URLSearchParams(search), signal });
      if (!signal.aborted) {
        document.title = `${title} · ReidCloud`;
      }
    } catch (fault) {
      if (!signal.aborted) {
        outlet.replaceChildren(el('h1', {}, 'This cannot be shown'), problemBox(fault, show));
      }
    }

    if (!signal.aborted) {
      outlet.removeAttribute('aria-busy');
      if (!first) {
        focus(outlet.querySelector('h1') ?? main);
      }

      first = false;
    }
  };

  addEventListener('hashchange', show);
  return show();
}

// Whoever cannot see that the page is another one is told by its heading.
function focus(heading) {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function markCurrent(path) {
  const [area] = path.split('/');
  for (const anchor of document.querySelectorAll('nav a')) {
    if (anchor.getAttribute('href') === `#/${area === '' ? 'runs' : area}`) {
      anchor.setAttribute('aria-current', 'page');
    } else {
      anchor.removeAttribute('aria-current');
    }
  }
}

function missing({ outlet, parts }) {
  outlet.replaceChildren(el('h1', {}, 'There is nothing here'), el('p', {}, `No part of this page is called “${parts[0]}”. The menu above leads to all of them.`));
  return 'Nothing here';
}
