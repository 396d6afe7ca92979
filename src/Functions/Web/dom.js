// Builds elements. Text is only ever text: whatever a data set, a file or a message is called, it cannot become markup.

const Svg = 'http://www.w3.org/2000/svg';

export const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes, ...children) => fill(document.createElementNS(Svg, tag), attributes, children);

// What others named. Letters that are written from right to left stay among themselves.
export const name = text => el('bdi', {}, text);

export const code = text => el('code', {}, text);

export const link = (href, ...children) => el('a', { href }, ...children);

// Pairs of a term and what it is; those that are nothing are left out.
export const facts = pairs => el('dl', { class: 'facts' },
  pairs.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))));

// A table that may be wider than the screen: it scrolls by itself, by keyboard too.
export const table = (caption, heads, rows) => el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
  el('table', {},
    el('caption', {}, caption),
    el('thead', {}, el('tr', {}, heads.map(head => el('th', { scope: 'col' }, head)))),
    el('tbody', {}, rows.map(([first, ...others]) => el('tr', {}, el('th', { scope: 'row' }, first), others.map(cell => el('td', {}, cell ?? '–')))))));

export const section = (title, ...children) => el('section', {}, el('h2', {}, title), ...children);

// In the place of what was there; what is nothing is left out.
export const put = (element, ...children) => element.replaceChildren(...something(children));

let ids = 0;
export const newId = prefix => `${prefix}-${++ids}`;

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') {
      element.addEventListener(key, value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }

  element.append(...something(children));
  return element;
}

const something = children => children.flat(3).filter(child => child !== null && child !== undefined && child !== false);
